import { type Address, checksummed, parseAddress, spellingOf } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import type { Command } from "./command.ts";

/** A command was typed without what it needs. */
export function misused({ usage: [row] }: Command, message: string): Failure {
  return new Failure("usage", message, { hint: `cleft ${row.join(": ")}` });
}

/** Reads an address that a person typed. @throws Failure `usage` */
export function parseTypedAddress(untrusted: string | undefined, command: Command): Address {
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

/** Refuses arguments beyond those that a command has. @throws Failure `usage` */
export function checkCount(
  positional: readonly string[],
  { min = 0, max }: { min?: number; max: number },
  command: Command,
): void {
  if (positional.length > max)
    throw misused(command, `expected at most ${max} argument${max === 1 ? "" : "s"}`);
  if (positional.length < min) throw misused(command, `expected ${min} arguments`);
}
