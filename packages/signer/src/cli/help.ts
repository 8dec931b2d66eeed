import type { Command } from "./command.ts";
import { flagTable, isSwitch } from "./settings.ts";
import { version } from "./version.ts";

/** `cleft help` */
export const help: Command = async (_args, { print }) => {
  print.out(`NAME:
   Cleft - Manage Ethereum account operations

USAGE:
   cleft [global options] command [command options]

VERSION:
   ${version}

COMMANDS:
   newaccount            Create a new account
   importraw <keyfile>   Import a private key from a file of 64 hex digits
   list-accounts         List accounts in the keystore
   list-wallets          List wallets known to Cleft
   account               Show, name, back up and change accounts
   status                Say what the running signer is doing
   lock                  Lock it: what waits is refused, nothing is signed
   unlock                End the lock
   unlock <address> [for 15m] [uses 100] [by <caller>]
                         Sign for an account without its password for a while
   config show           Print the settings in force and where each comes from
   audit verify [folder] [number:hash]...
                         Check the ledger, and that noted heads are still in it
   audit show [number | request | address]
                         Show the last entries, or those of a request or account
   audit head            Print the ledger's head, to be noted elsewhere
   help                  Show this
   (none)                Serve requests

GLOBAL OPTIONS:
${flagLines().join("\n")}

EXAMPLES:
   cleft newaccount
   cleft --http --chainid 11155111`);
};

/** `cleft --version` */
export const showVersion: Command = async (_args, { print }) => {
  print.out(`Cleft version ${version}`);
};

/** One line a flag, for help. */
export function flagLines(): string[] {
  return Object.entries(flagTable).map(([name, setting]) => {
    const { default: value, help, effect, only } = setting;
    const spelt = isSwitch(setting) ? `--${name}` : `--${name} value`;
    const shown = isSwitch(setting) || value === "" ? "" : ` (default: ${value})`;
    const later = effect === "later" ? " (no effect yet)" : "";
    const place = only === undefined ? "" : ` (${only})`;
    return `   ${spelt.padEnd(24)} ${help}${shown}${place}${later}`;
  });
}
