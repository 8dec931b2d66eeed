import { homedir } from "node:os";
import { join } from "node:path";
import { Failure } from "../domain/failure.ts";

/** A flag as Clef spells it. `later` flags are accepted and have no effect yet. */
interface Flag {
  readonly kind: "switch" | "text" | "integer";
  readonly default: string;
  readonly effect: "now" | "later";
  readonly help: string;
}

const flag = (
  kind: Flag["kind"],
  defaultText: string,
  help: string,
  effect: Flag["effect"] = "now",
): Flag => ({ kind, default: defaultText, help, effect });

/** THE LIST of flags: all of Clef's global ones, under its names and with its defaults. */
const flags = {
  keystore: flag("text", join(homedir(), ".ethereum/keystore"), "directory of the key files"),
  configdir: flag("text", join(homedir(), ".clef"), "directory of the ledger and the settings"),
  chainid: flag("integer", "1", "chain that may be signed for, e.g. 1 or 0xaa36a7"),
  lightkdf: flag("switch", "false", "weaker, cheaper encryption of new key files"),
  http: flag("switch", "false", "serve HTTP"),
  "http.addr": flag("text", "localhost", "address that HTTP listens on"),
  "http.port": flag("integer", "8550", "port that HTTP listens on"),
  "http.vhosts": flag("text", "localhost", "names that a Host header may have, comma-separated"),
  "stdio-ui": flag("switch", "false", "a program on stdin and stdout answers (Clef's UI API)"),
  line: flag("switch", "false", "ask line after line, without the full screen (screen readers)"),
  "approve-after": flag("integer", "2", "seconds that a question is shown before a yes counts"),
  advanced: flag("switch", "false", "show warnings instead of rejecting by them"),
  "suppress-bootwarn": flag("switch", "false", "start without the warning"),
  loglevel: flag("integer", "3", "0 critical, 1 error, 2 warning, 3 info, 4 debug, 5 trace"),
  help: flag("switch", "false", "show help (also -h)"),
  version: flag("switch", "false", "show the version (also -v)"),
  nousb: flag("switch", "false", "no hardware wallets over USB", "later"),
  pcscdpath: flag("text", "/run/pcscd/pcscd.comm", "socket of the smartcard daemon", "later"),
  ipcdisable: flag("switch", "false", "no IPC socket", "later"),
  ipcpath: flag("text", "", "folder of the IPC socket", "later"),
  signersecret: flag("text", "", "file of the encrypted master seed", "later"),
  "4bytedb-custom": flag("text", "./4byte-custom.json", "file of learnt selectors", "later"),
  auditlog: flag("text", "audit.log", "file of the readable audit log", "later"),
  rules: flag("text", "", "file of JavaScript rules", "later"),
  "stdio-ui-test": flag("switch", "false", "try out a window", "later"),
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

const table: Readonly<Record<FlagName, Flag>> = flags;
const short: Readonly<Record<string, FlagName>> = { h: "help", v: "version" };
const trueWords = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falseWords = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** A command line taken apart. */
export class Arguments {
  private readonly given: ReadonlyMap<FlagName, string>;
  readonly command: string | undefined;
  readonly positional: readonly string[];

  constructor(
    given: ReadonlyMap<FlagName, string>,
    rest: { command: string | undefined; positional: readonly string[] },
  ) {
    this.given = given;
    this.command = rest.command;
    this.positional = rest.positional;
  }

  text(name: FlagName): string {
    return this.given.get(name) ?? table[name].default;
  }

  /** Whether a switch is on. */
  on(name: FlagName): boolean {
    return trueWords.has(this.text(name));
  }

  /** A whole number that fits 63 bits. */
  integer(name: FlagName): bigint {
    return BigInt(this.text(name));
  }

  /** Flags that were given although they have no effect yet. */
  get withoutEffect(): readonly FlagName[] {
    return [...this.given.keys()].filter((name) => table[name].effect === "later");
  }
}

/**
 * Takes a command line apart: one or two dashes, `--name=value` or `--name value`, before or after
 * the command; what follows the command's first argument is an argument, as in Clef.
 * @throws Failure `usage` with Clef's text
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = new Map<FlagName, string>();
  let command: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const isFlag = /^--?[^-]/.test(word);
    if (!isFlag && command !== undefined) {
      return new Arguments(given, { command, positional: argv.slice(word === "--" ? at + 1 : at) });
    }
    if (!isFlag) {
      command = word;
      continue;
    }
    const { name, value } = split(word);
    const takesNext = value === undefined && table[name].kind !== "switch";
    given.set(name, checked(name, takesNext ? next(argv, ++at, name) : (value ?? "true")));
  }
  return new Arguments(given, { command, positional: [] });
}

function split(word: string): { name: FlagName; value: string | undefined } {
  const [, written = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = short[written] ?? written;
  if (Object.hasOwn(flags, name)) return { name: name as FlagName, value };
  throw new Failure("usage", `flag provided but not defined: -${written}`, {
    hint: "cleft help lists all flags",
  });
}

function next(argv: readonly string[], at: number, name: FlagName): string {
  const value = argv[at];
  if (value === undefined) throw new Failure("usage", `flag needs an argument: -${name}`);
  return value;
}

function checked(name: FlagName, value: string): string {
  switch (table[name].kind) {
    case "text":
      return value;
    case "switch":
      if (trueWords.has(value) || falseWords.has(value)) return value;
      throw new Failure("usage", `invalid boolean value "${value}" for -${name}: parse error`);
    case "integer":
      if (/^(?:0|[1-9]\d{0,17}|0[xX][0-9a-fA-F]{1,15})$/.test(value)) return value;
      throw new Failure("usage", `invalid value "${value}" for flag -${name}: parse error`, {
        hint: "expected a whole number such as 1 or 0xaa36a7",
      });
  }
}

/** One line a flag, for help. */
export function flagLines(): string[] {
  return Object.entries(table).map(([name, { kind, default: value, help, effect }]) => {
    const spelt = kind === "switch" ? `--${name}` : `--${name} value`;
    const shown = kind === "switch" || value === "" ? "" : ` (default: ${value})`;
    const later = effect === "later" ? " (no effect yet)" : "";
    return `   ${spelt.padEnd(24)} ${help}${shown}${later}`;
  });
}
