import { homedir } from "node:os";
import { join } from "node:path";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** What a value may be. An `off-switch` is a flag whose key in cleft.toml says the contrary. */
export type Kind =
  | ("switch" | "off-switch" | "text" | "path" | "integer")
  | ("names" | "chains" | "duration");

/** One thing that can be set. `later` ones are accepted and have no effect yet. */
export interface Setting {
  readonly kind: Kind;
  /** As the flag would have it; `<configdir>` stands for that folder. */
  readonly default: string;
  readonly effect: "now" | "later";
  readonly help: string;
  /** Its name in cleft.toml, a table's with a dot; undefined if it can't stand there. */
  readonly key?: string;
  /** The only command that has it; absent for a global one. */
  readonly only?: string;
}

/** Commands of two words, e.g. `audit verify`. */
const families = new Set(["account", "audit", "config"]);

const flag = (
  kind: Kind,
  defaultText: string,
  help: string,
  effect: Setting["effect"] = "now",
): Setting => ({ kind, default: defaultText, help, effect });

/** A flag that cleft.toml can say too, under `key`. */
const keyed = (key: string, setting: Setting): Setting => ({ ...setting, key });

/** THE LIST of flags: all of Clef's global ones, under its names and with its defaults. */
const flags = {
  keystore: keyed(
    "keystore",
    flag("path", join(homedir(), ".ethereum/keystore"), "directory of the key files"),
  ),
  configdir: flag("path", join(homedir(), ".clef"), "directory of the ledger and the settings"),
  config: flag("path", "<configdir>/cleft.toml", "file of settings; flags win over it"),
  chainid: keyed("chain", flag("integer", "1", "chain of a request that names none")),
  lightkdf: keyed(
    "light_kdf",
    flag("switch", "false", "weaker, cheaper encryption of new key files"),
  ),
  http: keyed("http.enabled", flag("switch", "false", "serve HTTP")),
  "http.addr": keyed("http.addr", flag("text", "localhost", "address that HTTP listens on")),
  "http.port": keyed("http.port", flag("integer", "8550", "port that HTTP listens on")),
  "http.vhosts": keyed(
    "http.vhosts",
    flag("names", "localhost", "names that a Host header may have, comma-separated"),
  ),
  "stdio-ui": flag("switch", "false", "a program on stdin and stdout answers (Clef's UI API)"),
  advanced: keyed(
    "advanced",
    flag("switch", "false", "show warnings instead of rejecting by them"),
  ),
  line: flag("switch", "false", "ask line after line, without the full screen (screen readers)"),
  "approve-after": flag("integer", "2", "seconds that a question is shown before a yes counts"),
  "suppress-bootwarn": flag("switch", "false", "start without the warning"),
  loglevel: keyed(
    "loglevel",
    flag("integer", "3", "0 critical, 1 error, 2 warning, 3 info, 4 debug, 5 trace"),
  ),
  json: { ...flag("switch", "false", "print the records as they are"), only: "audit show" },
  help: flag("switch", "false", "show help (also -h)"),
  version: flag("switch", "false", "show the version (also -v)"),
  nousb: flag("switch", "false", "no hardware wallets over USB", "later"),
  pcscdpath: flag("text", "/run/pcscd/pcscd.comm", "socket of the smartcard daemon", "later"),
  ipcdisable: keyed("ipc.enabled", flag("off-switch", "false", "no IPC socket")),
  ipcpath: keyed("ipc.path", flag("path", "<configdir>", "folder of the IPC socket")),
  signersecret: flag("text", "", "file of the encrypted master seed", "later"),
  "4bytedb-custom": flag("text", "./4byte-custom.json", "file of learnt selectors", "later"),
  auditlog: keyed(
    "auditlog",
    flag("path", "<configdir>/audit.log", 'file of the readable audit log, "" for none'),
  ),
  rules: flag("text", "", "file of JavaScript rules", "later"),
  "stdio-ui-test": flag("switch", "false", "try out a window", "later"),
} as const satisfies Record<string, Setting>;

/** THE LIST of what only cleft.toml can say. */
const fileOnly = {
  chains: keyed("chains", flag("chains", "", "chains that may be signed for")),
  approvalTimeout: keyed(
    "approval_timeout",
    flag("duration", `${limits.questionMs / 60_000}m`, "time for a person to answer"),
  ),
  listingTtl: keyed(
    "listing_ttl",
    flag(
      "duration",
      `${limits.listingTtlMs / 3_600_000}h`,
      "time for which a yes to a listing is remembered",
    ),
  ),
} as const satisfies Record<string, Setting>;

export type FlagName = keyof typeof flags;
export type SettingName = FlagName | keyof typeof fileOnly;

const table: Readonly<Record<FlagName, Setting>> = flags;

/** All that can be set, by flags or in the file. */
export const settings: Readonly<Record<SettingName, Setting>> = { ...flags, ...fileOnly };

/** What can stand in cleft.toml, each by its key. */
export const settingsByKey: ReadonlyMap<string, SettingName> = new Map(
  Object.entries(settings).flatMap(([name, { key }]) =>
    key === undefined ? [] : [[key, name as SettingName]],
  ),
);

const configDirMark = "<configdir>";
const short: Readonly<Record<string, FlagName>> = { h: "help", v: "version" };
const trueWords = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falseWords = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** What cleft.toml says, each value as the flag would have it, with its line and column. */
export interface SettingsFile {
  readonly path: string;
  readonly values: ReadonlyMap<SettingName, FileValue>;
}

export interface FileValue {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A place where a value can be said. */
export type Source =
  | { readonly from: "default" | "flag" }
  | {
      readonly from: "file";
      readonly path: string;
      readonly line: number;
      readonly column: number;
    };

/** A command line taken apart, above what the file says, above the defaults. */
export class Arguments {
  private readonly given: ReadonlyMap<FlagName, string>;
  private readonly file: SettingsFile | undefined;
  readonly command: string | undefined;
  readonly positional: readonly string[];

  constructor(
    given: ReadonlyMap<FlagName, string>,
    rest: Pick<Arguments, "command" | "positional">,
    file?: SettingsFile,
  ) {
    this.given = given;
    this.command = rest.command;
    this.positional = rest.positional;
    this.file = file;
  }

  /** The same command line with the values of a file below it. */
  withFile(file: SettingsFile): Arguments {
    return new Arguments(this.given, this, file);
  }

  /** Whether there is a settings file below the flags. */
  get hasFile(): boolean {
    return this.file !== undefined;
  }

  text(name: SettingName): string {
    return this.givenOf(name) ?? this.file?.values.get(name)?.text ?? this.defaultOf(name);
  }

  /** Whether a switch is on. */
  on(name: SettingName): boolean {
    return isTrue(this.text(name));
  }

  /** A whole number that fits 63 bits. */
  integer(name: SettingName): bigint {
    return BigInt(this.text(name));
  }

  /** Where its value was said. */
  sourceOf(name: SettingName): Source {
    if (this.givenOf(name) !== undefined) return { from: "flag" };
    const value = this.file?.values.get(name);
    if (this.file === undefined || value === undefined) return { from: "default" };
    return { from: "file", path: this.file.path, line: value.line, column: value.column };
  }

  /** Why a value can't be used, e.g. `to be at least 1`, said with the place that says it. */
  refusal(name: SettingName, expected: string, hint?: string): Failure {
    const source = this.sourceOf(name);
    const spelt =
      source.from === "file"
        ? `${source.path}:${source.line}:${source.column}: expected ${settings[name].key}`
        : `expected --${name}`;
    const message = `${spelt} ${expected}, got ${JSON.stringify(this.text(name))}`;
    return new Failure("usage", message, hint === undefined ? {} : { hint });
  }

  /** What was set although it has no effect yet, as it was spelt. */
  get withoutEffect(): readonly string[] {
    const spelt = [
      ...[...this.given.keys()].map((name) => [name, `--${name}`] as const),
      ...[...(this.file?.values.keys() ?? [])].map(
        (name) => [name, settings[name].key ?? name] as const,
      ),
    ];
    return spelt.filter(([name]) => settings[name].effect === "later").map(([, text]) => text);
  }

  private givenOf(name: SettingName): string | undefined {
    return isFlagName(name) ? this.given.get(name) : undefined;
  }

  private defaultOf(name: SettingName): string {
    const text = settings[name].default;
    return text.startsWith(configDirMark)
      ? join(this.text("configdir") || ".", text.slice(configDirMark.length))
      : text;
  }
}

/**
 * Takes a command line apart: one or two dashes, `--name=value` or `--name value`, before or after
 * the command (`account show` is one); what follows the command's first argument is an argument, as
 * in Clef.
 * @throws Failure `usage` with Clef's text
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = new Map<FlagName, string>();
  let command: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const isFlag = /^--?[^-]/.test(word);
    if (!isFlag && command !== undefined && families.has(command)) {
      command = `${command} ${word}`;
      continue;
    }
    if (!isFlag && command !== undefined) {
      const positional = argv.slice(word === "--" ? at + 1 : at);
      return argumentsOf(given, command, positional);
    }
    if (!isFlag) {
      command = word;
      continue;
    }
    const { name, value } = split(word);
    const takesNext = value === undefined && !isSwitch(table[name]);
    given.set(name, checked(name, takesNext ? next(argv, ++at, name) : (value ?? "true")));
  }
  return argumentsOf(given, command, []);
}

function argumentsOf(
  given: ReadonlyMap<FlagName, string>,
  command: string | undefined,
  positional: readonly string[],
): Arguments {
  const foreign = [...given.keys()].find((name) => (table[name].only ?? command) !== command);
  if (foreign !== undefined) throw undefinedFlag(foreign);
  return new Arguments(given, { command, positional });
}

function split(word: string): { name: FlagName; value: string | undefined } {
  const [, written = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = short[written] ?? written;
  if (isFlagName(name)) return { name, value };
  throw undefinedFlag(written);
}

function undefinedFlag(written: string): Failure {
  return new Failure("usage", `flag provided but not defined: -${written}`, {
    hint: "cleft help lists all flags",
  });
}

/** Whether a switch's text switches on. */
export function isTrue(text: string): boolean {
  return trueWords.has(text);
}

/** Whether there is such a flag. */
export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}

function isSwitch({ kind }: Setting): boolean {
  return kind === "switch" || kind === "off-switch";
}

function next(argv: readonly string[], at: number, name: FlagName): string {
  const value = argv[at];
  if (value === undefined) throw new Failure("usage", `flag needs an argument: -${name}`);
  return value;
}

function checked(name: FlagName, value: string): string {
  switch (table[name].kind) {
    case "text":
    case "path":
    case "names":
    case "chains":
    case "duration":
      return value;
    case "switch":
    case "off-switch":
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
  return Object.entries(table).map(([name, setting]) => {
    const { default: value, help, effect, only } = setting;
    const spelt = isSwitch(setting) ? `--${name}` : `--${name} value`;
    const shown = isSwitch(setting) || value === "" ? "" : ` (default: ${value})`;
    const later = effect === "later" ? " (no effect yet)" : "";
    const place = only === undefined ? "" : ` (${only})`;
    return `   ${spelt.padEnd(24)} ${help}${shown}${place}${later}`;
  });
}
