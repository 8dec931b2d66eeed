import { homedir } from "node:os";
import { wrapped } from "../window/layout.ts";
import type { Command, UsageRow } from "./command.ts";
import { type FlagName, flagNames, flagTable, globalFlags, isSwitch } from "./settings.ts";
import { laterNames } from "./unknown-command.ts";
import { version } from "./version.ts";

/** Every terminal is as wide as this. */
const columns = 80;

/** `cleft help`, of the commands that it lists. */
export function helpText(commands: readonly Command[]): string {
  const rows = commands.flatMap(({ usage }) => usage);
  const later: UsageRow = [laterNames.join(", "), "Not there yet; help says what to use instead"];
  return `NAME:
   Cleft - Manage Ethereum account operations

USAGE:
   cleft [global options] command [command options]

VERSION:
   ${version}

COMMANDS:
${usageLines([...rows, later], 22).join("\n")}

GLOBAL OPTIONS:
${flagLines(globalFlags).join("\n")}

EXAMPLES:
   cleft newaccount
   cleft --http --chainid 11155111
   cleft help newaccount`;
}

/** `cleft account help`, of the commands that it lists. */
export function accountHelpText(commands: readonly Command[]): string {
  const rows = commands.flatMap(({ usage }) => usage);
  return `USAGE:
   cleft [options] account <command> [options] [arguments]

COMMANDS:
${usageLines(rows, 33).join("\n")}

The options --keystore, --configdir and --lightkdf say where keys and ledger
lie and how strong new encryption is. Every change is recorded in the ledger
first.

EXAMPLES:
   cleft account label 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 'Treasury'
   cleft account export 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 backup.json`;
}

/** `cleft help newaccount`: one command's usage, or that of a family such as `audit`. */
export function commandHelpText(commands: readonly Command[]): string {
  const rows = commands.flatMap(({ usage }) => usage);
  const usage = rows.flatMap(([typed, does]) => [`   cleft ${typed}`, ...indented(does, 6)]);
  const flags = new Set([
    ...commands.flatMap(({ name, flags = [] }) => [...ownFlagsOf(name), ...flags]),
    ...everywhere,
  ]);
  return `USAGE:
${usage.join("\n")}

OPTIONS, which stand before the first argument:
${flagLines([...flags]).join("\n")}`;
}

/** Flags that find the files, which every command has. */
const everywhere = ["configdir", "config", "loglevel", "help"] as const;

function ownFlagsOf(command: string): readonly FlagName[] {
  return flagNames.filter((name) => flagTable[name].only?.includes(command) === true);
}

/** In two columns; what is too long for the first one has a line of its own. */
function usageLines(rows: readonly UsageRow[], width: number): string[] {
  return rows.flatMap(([typed, does]) => columnLines(typed, does, width));
}

function columnLines(left: string, right: string, width: number): string[] {
  const lines = indented(right, 3 + width);
  if (left.length >= width) return [`   ${left}`, ...lines];
  const [first = "", ...rest] = lines;
  return [`   ${left.padEnd(width)}${first.trimStart()}`, ...rest];
}

/** Lines of a text that leave so much room at their left; a space of `bound` isn't broken at. */
function indented(text: string, indent: number): string[] {
  const lines = wrapped(text, columns - indent);
  return lines.map((line) => " ".repeat(indent) + line.replaceAll(unbroken, " "));
}

const unbroken = "\u00a0";
const bound = (text: string) => ` (${text.replaceAll(" ", unbroken)})`;

/** What a flag does that doesn't do its own yet. */
export const effectTexts = { later: "no effect yet", refused: "not there yet: refused" } as const;

/** What each flag is for and what it is by default, in lines of 80 columns. */
export function flagLines(names: readonly FlagName[]): string[] {
  return names.flatMap((name) => {
    const setting = flagTable[name];
    const { default: value, help, effect, only } = setting;
    const spelt = isSwitch(setting) ? `--${name}` : `--${name} value`;
    const atHome = value.startsWith(`${homedir()}/`) ? `~${value.slice(homedir().length)}` : value;
    const shown = isSwitch(setting) || value === "" ? "" : bound(`default: ${atHome}`);
    const later = effect === "now" ? "" : bound(effectTexts[effect]);
    const place = only === undefined ? "" : ` (${only.join(", ")})`;
    return columnLines(spelt, `${help}${shown}${place}${later}`, 25);
  });
}
