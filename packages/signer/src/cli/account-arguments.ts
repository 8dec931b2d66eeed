import { type Address, checksummed, parseAddress, spellingOf } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { counted } from "../domain/spoken.ts";
import type { Command } from "./command.ts";

/** A command was typed without what it needs. What else it can do is said too, lest that is meant. */
export function misused({ usage }: Command, message: string): Failure {
  const rows = usage.map(([words, what]) => `cleft ${words}: ${what}`);
  return new Failure("usage", message, { hint: rows.join("; or ") });
}

/** An address as people type it, with 0x or, as Clef takes it, without; undefined for anything else. */
export function typedAddress(untrusted: string): Address | undefined {
  return parseAddress(untrusted) ?? parseAddress(`0x${untrusted}`);
}

/** Reads an address that a person typed. @throws Failure `usage` */
export function parseTypedAddress(untrusted: string | undefined, command: Command): Address {
  const address = untrusted === undefined ? undefined : typedAddress(untrusted);
  if (untrusted === undefined || address === undefined) {
    const got = untrusted === undefined ? "" : `, got ${JSON.stringify(untrusted)}`;
    throw misused(command, `expected an address of 40 hex digits${got}`);
  }
  const spelt = untrusted.length === address.length ? untrusted : `0x${untrusted}`;
  if (spellingOf(spelt, address) === "wrong") {
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
    throw misused(command, `expected at most ${counted(max, "argument")}`);
  if (positional.length < min) throw misused(command, `expected ${min} arguments`);
}
