import { inert } from "@cleft/protocol/inert.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Arguments } from "./arguments.ts";
import { families } from "./commands.ts";
import { nearestOf } from "./near.ts";
import { splitNames } from "./setting-value.ts";
import {
  type FlagName,
  flagTable,
  isFlagName,
  isSwitch,
  isSwitchWord,
  type Setting,
} from "./settings.ts";

const short: Readonly<Record<string, FlagName>> = { h: "help", v: "version" };

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
    const takesNext = value === undefined && !isSwitch(flagTable[name]);
    given.set(name, checked(name, takesNext ? next(argv, ++at, name) : (value ?? "true")));
  }
  return argumentsOf(given, command, []);
}

function argumentsOf(
  given: ReadonlyMap<FlagName, string>,
  command: string | undefined,
  positional: readonly string[],
): Arguments {
  const foreign = [...given.keys()].find((name) => !isOf(command, flagTable[name]));
  if (foreign !== undefined) {
    const { only = [] } = flagTable[foreign];
    throw undefinedFlag(foreign, `--${foreign} belongs to: cleft ${only.join(", cleft ")}`);
  }
  return new Arguments(given, { command, positional });
}

/** Whether a command has a flag; all have the global ones. */
function isOf(command: string | undefined, { only }: Setting): boolean {
  return only === undefined || (command !== undefined && only.includes(command));
}

function split(word: string): { name: FlagName; value: string | undefined } {
  const [, written = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = flagNameOf(written);
  if (name !== undefined) return { name, value };
  const near = nearestOf(written, Object.keys(flagTable));
  throw undefinedFlag(
    written,
    near === undefined ? "cleft help lists all flags" : `did you mean --${near}?`,
  );
}

function flagNameOf(written: string): FlagName | undefined {
  const name = Object.hasOwn(short, written) ? short[written] : written;
  return name !== undefined && isFlagName(name) ? name : undefined;
}

function undefinedFlag(written: string, hint: string): Failure {
  return new Failure(
    "usage",
    `flag provided but not defined: -${inert(written, { charsMax: limits.keyCharsMax, ascii: false })}`,
    { hint },
  );
}

function next(argv: readonly string[], at: number, name: FlagName): string {
  const value = argv[at];
  const missing = `flag needs an argument: -${name}`;
  if (value === undefined) throw new Failure("usage", missing, { hint: `--${name}=VALUE` });
  if (!looksLikeFlag(value)) return value;
  throw new Failure("usage", `${missing}, got ${JSON.stringify(value)}`, {
    hint: `a value that begins with a dash is written --${name}=${value}`,
  });
}

/**
 * Whether a word was hardly meant to be a value. Clef takes whatever stands there: then a slip names a
 * file after a flag, and that flag is off.
 */
function looksLikeFlag(word: string): boolean {
  const [, dashes, written = ""] = /^(--?)([^-=][^=]*)/.exec(word) ?? [];
  return dashes === "--" || (dashes === "-" && flagNameOf(written) !== undefined);
}

function checked(name: FlagName, value: string): string {
  switch (flagTable[name].kind) {
    case "text":
    case "path":
    case "chains":
    case "duration":
    case "findings":
      return value;
    case "names":
      // cleft.toml takes none either, and config show would write one that it doesn't.
      if (!splitNames(value).some((one) => /\s/.test(one))) return value;
      throw new Failure(
        "usage",
        `invalid value "${value}" for flag -${name}: a name has no spaces`,
      );
    case "switch":
    case "off-switch":
      if (isSwitchWord(value)) return value;
      throw new Failure("usage", `invalid boolean value "${value}" for -${name}: parse error`);
    case "integer":
      if (/^(?:0|[1-9]\d{0,17}|0[xX][0-9a-fA-F]{1,15})$/.test(value)) return value;
      throw new Failure("usage", `invalid value "${value}" for flag -${name}: parse error`, {
        hint: "expected a whole number such as 1 or 0xaa36a7",
      });
  }
}
