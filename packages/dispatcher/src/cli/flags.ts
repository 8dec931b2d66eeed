import { Failure } from "../domain/failure.ts";

interface Flag {
  /** What it takes; undefined for a switch. */
  readonly value: string | undefined;
  readonly default: string;
  readonly help: string;
}

const flag = (value: string | undefined, defaultText: string, help: string): Flag => ({
  value,
  default: defaultText,
  help,
});

/** THE LIST of flags. */
const flags = {
  qrexec: flag(
    "NAME[+PROFILE]",
    "",
    "the signer's qube; @default, which dom0 chooses, if none is said",
  ),
  ipc: flag("PATH", "", "the signer's clef.ipc on this machine instead"),
  http: flag("URL", "", "a signer that speaks HTTP instead"),
  "token-file": flag("PATH", "", "file of the token for --http, readable by you alone"),
  "qrexec-client": flag("PATH", "", "the program qrexec-client-vm, if it isn't at its usual place"),
  port: flag("PORT", "8550", "port to listen on"),
  listen: flag("ADDRESSES", "127.0.0.1,::1", "addresses to listen on, comma-separated"),
  vhosts: flag("NAMES", "", "names that a Host header may have besides this machine's own"),
  origins: flag("ORIGINS", "", "web pages that may ask, e.g. https://dapp.example"),
  help: flag(undefined, "", "show this (also -h)"),
  version: flag(undefined, "", "show the version (also -v)"),
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

const table: Readonly<Record<FlagName, Flag>> = flags;
const short: Readonly<Record<string, FlagName>> = { h: "help", v: "version" };

/** A command line taken apart. */
export interface Arguments {
  readonly command: string | undefined;
  /** A flag's text, or its default. */
  text(name: FlagName): string;
  /** Whether it was said. */
  has(name: FlagName): boolean;
  /** The parts of a comma-separated text. */
  list(name: FlagName): readonly string[];
}

/** Takes a command line apart: `--name value`, `--name=value`, and at most one command. @throws Failure */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = new Map<FlagName, string>();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const [, written, inline] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (written === undefined) {
      words.push(word);
      continue;
    }
    const name = short[written] ?? written;
    if (!isFlagName(name)) throw usage(`there is no flag ${word}`);
    given.set(
      name,
      flagValue(name, inline, () => argv[++at]),
    );
  }
  const [command, extra] = words;
  if (extra !== undefined) throw usage(`expected one command, got ${JSON.stringify(extra)} too`);
  const text = (name: FlagName) => given.get(name) ?? table[name].default;
  return {
    command,
    text,
    has: (name) => given.has(name),
    list: (name) =>
      text(name)
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
  };
}

/** One line a flag, for help. */
export function flagLines(): string[] {
  return Object.entries(table).map(([name, { value, default: byDefault, help }]) => {
    const spelt = `--${name}${value === undefined ? "" : ` ${value}`}`;
    return `   ${spelt.padEnd(27)} ${help}${byDefault === "" ? "" : ` (default: ${byDefault})`}`;
  });
}

/** What was typed wrong. */
export function usage(message: string): Failure {
  return new Failure("usage", message);
}

function flagValue(
  name: FlagName,
  inline: string | undefined,
  next: () => string | undefined,
): string {
  if (table[name].value === undefined) return inline ?? "true";
  const value = inline ?? next();
  if (value === undefined) throw usage(`expected a value after --${name}`);
  return value;
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}
