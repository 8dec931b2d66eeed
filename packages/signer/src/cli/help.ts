import type { Command, UsageRow } from "./command.ts";
import { flagTable, isSwitch } from "./settings.ts";
import { version } from "./version.ts";

/** `cleft help`, of the commands that it lists. */
export function helpText(commands: readonly Command[]): string {
  const rows = commands.flatMap(({ usage }) => usage);
  return `NAME:
   Cleft - Manage Ethereum account operations

USAGE:
   cleft [global options] command [command options]

VERSION:
   ${version}

COMMANDS:
${usageLines(rows, 22).join("\n")}

GLOBAL OPTIONS:
${flagLines().join("\n")}

EXAMPLES:
   cleft newaccount
   cleft --http --chainid 11155111`;
}

/** `cleft account help`, of the commands that it lists. */
export function accountHelpText(commands: readonly Command[]): string {
  const rows = commands.flatMap(({ usage }) => usage);
  return `USAGE:
   cleft [options] account <command> [options] [arguments]

COMMANDS:
${usageLines(rows, 33).join("\n")}

The options --keystore, --configdir and --lightkdf say where keys and ledger lie and
how strong new encryption is. Every change is recorded in the ledger first.

EXAMPLES:
   cleft account label 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 'Treasury'
   cleft account export 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 /media/usb/backup.json`;
}

/** In two columns; what is too long for the first one has a line of its own. */
function usageLines(rows: readonly UsageRow[], width: number): string[] {
  return rows.map(([typed, does]) =>
    typed.length < width
      ? `   ${typed.padEnd(width)}${does}`
      : `   ${typed}\n${" ".repeat(3 + width)}${does}`,
  );
}

/** What a flag does that doesn't do its own yet. */
export const effectTexts = { later: "no effect yet", refused: "not there yet: refused" } as const;

/** One line a flag, for help. */
export function flagLines(): string[] {
  return Object.entries(flagTable).map(([name, setting]) => {
    const { default: value, help, effect, only } = setting;
    const spelt = isSwitch(setting) ? `--${name}` : `--${name} value`;
    const shown = isSwitch(setting) || value === "" ? "" : ` (default: ${value})`;
    const later = effect === "now" ? "" : ` (${effectTexts[effect]})`;
    const place = only === undefined ? "" : ` (${only.join(", ")})`;
    return `   ${spelt.padEnd(24)} ${help}${shown}${place}${later}`;
  });
}
