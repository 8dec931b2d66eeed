import { type Address, checksummed, parseAddress, spellingOf } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import type { Command } from "./command.ts";

const usage = {
  show: "account show [address]           what is known of an account, or of all of them",
  label: 'account label <address> <text>   name an account; "" takes the name away',
  passwd: "account passwd <address>         encrypt a key under a new password",
  export: "account export <address> [file]  an encrypted copy under a new password (- is stdout)",
  import: "account import <keyfile>         take in a key file, version 3 or 1",
} as const;

/** `cleft account` and `cleft account help` */
export const accountHelp: Command = async (_args, { print }) => {
  print.out(`USAGE:
   cleft [options] account <command> [options] [arguments]

COMMANDS:
${Object.values(usage)
  .map((line) => `   ${line}`)
  .join("\n")}

The options --keystore, --configdir and --lightkdf say where keys and ledger lie and
how strong new encryption is. Every change is recorded in the ledger first.

EXAMPLES:
   cleft account label 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 'Treasury'
   cleft account export 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 /media/usb/backup.json`);
};

/** A command was typed without what it needs. */
export function misused(command: keyof typeof usage, message: string): Failure {
  return new Failure("usage", message, { hint: `cleft ${usage[command].replace(/ {2,}/, ": ")}` });
}

/** Reads an address that a person typed. @throws Failure `usage` */
export function parseTypedAddress(
  untrusted: string | undefined,
  command: keyof typeof usage,
): Address {
  const address = untrusted === undefined ? undefined : parseAddress(untrusted);
  if (untrusted === undefined || address === undefined) {
    const got = untrusted === undefined ? "" : `, got ${JSON.stringify(untrusted)}`;
    throw misused(command, `expected an address of 40 hex digits behind 0x${got}`);
  }
  if (spellingOf(untrusted, address) === "wrong") {
    throw misused(command, `expected ${checksummed(address)}, got another checksum: a slip?`);
  }
  return address;
}

/** Nobody here has the key of an account. */
export function noKeyFor(account: Address): Failure {
  return new Failure("account.unknown", `no key for ${checksummed(account)}`, {
    hint: "list the keys with cleft list-accounts",
  });
}

/** Refuses arguments beyond those that a command has. @throws Failure `usage` */
export function checkCount(
  positional: readonly string[],
  { min = 0, max }: { min?: number; max: number },
  command: keyof typeof usage,
): void {
  if (positional.length > max) throw misused(command, `expected at most ${max} arguments`);
  if (positional.length < min) throw misused(command, `expected ${min} arguments`);
}
