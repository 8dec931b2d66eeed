import { parseToken, type Token } from "./policy-token.ts";

/** One line of a policy. */
export interface Rule {
  /** File and line, as dom0's log has them. */
  readonly at: string;
  /** `*` is any. */
  readonly service: string;
  /** `*` is any; otherwise with its `+`. */
  readonly argument: string;
  readonly source: Token;
  readonly target: Token;
  readonly action: Action;
}

/** What a rule does, with its parameters. */
export type Action =
  | { readonly verb: "deny"; readonly notify: boolean }
  | ({ readonly verb: "allow" } & Grant)
  | ({ readonly verb: "ask"; readonly defaultTarget?: Token } & Grant);

interface Grant {
  readonly target?: Token;
  readonly user?: string;
  readonly notify: boolean;
  readonly autostart: boolean;
}

/** A line that dom0 can't read: it denies every call in the system. */
export class PolicySyntaxError extends Error {}

const parameters = {
  allow: ["target", "user", "notify", "autostart"],
  ask: ["target", "user", "notify", "autostart", "default_target"],
  deny: ["notify"],
} as const;

/**
 * Reads the files of a policy folder in the order of their names. One wrong line or file name throws,
 * whatever else there is; a file with another ending, or with a dot before its name, is none.
 */
export function parsePolicy(files: ReadonlyMap<string, string>): readonly Rule[] {
  const names = [...files.keys()].filter((name) => /^[^.].*\.policy$/.test(name));
  const strange = names.find((name) => !/^[a-z0-9_.-]+$/.test(name));
  if (strange !== undefined) throw new PolicySyntaxError(`invalid file name: ${strange}`);
  return names.sort().flatMap((name) => parseFile(name, files.get(name) ?? ""));
}

function parseFile(name: string, text: string): readonly Rule[] {
  return text.split("\n").flatMap((untrimmed, at) => {
    const line = untrimmed.trim();
    return line === "" || line.startsWith("#") ? [] : [parseLine(line, `${name}:${at + 1}`)];
  });
}

function parseLine(line: string, at: string): Rule {
  const fail = (why: string) => new PolicySyntaxError(`${at}: ${why}`);
  if (line.startsWith("!")) throw fail("directives are not known to this stand-in");
  const [service, argument, source, target, verb, ...rest] = line.split(/\s+/);
  if (service === undefined || argument === undefined || source === undefined) {
    throw fail("wrong number of fields");
  }
  if (target === undefined || verb === undefined) throw fail("wrong number of fields");
  checkNames(service, argument, fail);
  const from = parseToken(source, "source");
  if (from === undefined) throw fail(`invalid source token: ${source}`);
  const to = parseToken(target, "target");
  if (to === undefined) throw fail(`invalid target token: ${target}`);
  const action = parseAction(verb, rest, fail);
  if (to.is === "default" && action.verb === "allow" && action.target === undefined) {
    throw fail("allow action for @default rule must specify target= option");
  }
  return { at, service, argument, source: from, target: to, action };
}

type Fail = (why: string) => PolicySyntaxError;

function checkNames(service: string, argument: string, fail: Fail): void {
  if (service !== "*" && !/^[A-Za-z0-9_.-]+$/.test(service)) {
    throw fail(`service ${service} contains invalid characters`);
  }
  if (argument === "*") return;
  if (!/^\+[A-Za-z0-9_.+-]*$/.test(argument)) throw fail(`argument ${argument} is invalid`);
  if (service === "*") throw fail("only * argument allowed for * service");
}

function parseAction(verb: string, rest: readonly string[], fail: Fail): Action {
  if (verb !== "allow" && verb !== "ask" && verb !== "deny") throw fail(`invalid action: ${verb}`);
  const given = parseParameters(rest, parameters[verb], fail);
  const yes = (name: string, otherwise: boolean) => {
    const value = given.get(name);
    if (value === undefined) return otherwise;
    if (value !== "yes" && value !== "no") throw fail(`${name} can be only 'yes' or 'no'`);
    return value === "yes";
  };
  const token = (name: string) => {
    const value = given.get(name);
    if (value === undefined) return undefined;
    const read = parseToken(value, "redirect");
    if (read === undefined) throw fail(`invalid redirect token: ${value}`);
    return read;
  };
  if (verb === "deny") return { verb, notify: yes("notify", true) };
  const [target, user, defaultTarget] = [
    token("target"),
    given.get("user"),
    token("default_target"),
  ];
  return {
    verb,
    notify: yes("notify", false),
    autostart: yes("autostart", true),
    ...(target === undefined ? {} : { target }),
    ...(user === undefined ? {} : { user }),
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
  };
}

function parseParameters(
  rest: readonly string[],
  known: readonly string[],
  fail: Fail,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const part of rest) {
    const [, name, value] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) throw fail(`invalid parameter syntax: ${part}`);
    if (given.has(name)) throw fail(`parameter given twice: ${name}`);
    if (!known.includes(name)) throw fail(`invalid parameter: ${name}`);
    given.set(name, value);
  }
  return given;
}
