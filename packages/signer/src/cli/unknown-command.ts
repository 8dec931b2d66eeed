import { Failure } from "../domain/failure.ts";
import { nearestOf } from "./near.ts";

/** Commands of Clef that are still missing, and what to use instead. */
const later: Readonly<Record<string, string>> = {
  init: "nothing has to be made first: cleft newaccount makes a key, cleft serves",
  attest: "there are no rules yet: a person, or a program by --stdio-ui, decides",
  setpw: "no password is stored: type it, or cleft unlock ADDRESS for 15m uses 100",
  delpw: "no password is stored: cleft lock ends what cleft unlock has allowed",
  gendoc: "docs/METHODS.md has each method with an example; the UI API is Clef's",
};

/** Their names. */
export const laterNames = Object.keys(later);

/** What help says of a command of Clef that is still missing; undefined for any other word. */
export function laterText(name: string): string | undefined {
  if (!Object.hasOwn(later, name)) return undefined;
  return `cleft ${name} is not implemented yet.\n${later[name]}`;
}

/** There is no such command; says which one was probably meant. */
export function unknownCommand(name: string, known: readonly string[]): Failure {
  if (Object.hasOwn(later, name)) {
    const hint = later[name] ?? "";
    return new Failure("usage", `the command ${name} is not implemented yet`, { hint });
  }
  const [family = "", word] = name.split(" ");
  const siblings = known.filter((one) => one.startsWith(`${family} `));
  if (word === undefined && siblings.length > 0) {
    const hint = `cleft help ${name}`;
    return new Failure("usage", `expected one of: ${siblings.join(", ")}`, { hint });
  }
  const near = nearestOf(name, [...known, ...laterNames, ...familiesOf(known)]);
  const all = siblings.length > 0 ? `cleft help ${family}` : "cleft help";
  return new Failure("usage", `invalid command: ${JSON.stringify(name)}`, {
    hint: near === undefined ? `${all} lists all commands` : `did you mean "cleft ${near}"?`,
  });
}

/** The first words of commands of two, e.g. `audit` of `audit verify`. */
export function familiesOf(known: Iterable<string>): ReadonlySet<string> {
  return new Set([...known].flatMap((name) => (name.includes(" ") ? name.split(" ", 1) : [])));
}
