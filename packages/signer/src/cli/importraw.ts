import { open } from "node:fs/promises";
import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { Failure, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";
import type { Arguments } from "./arguments.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { Command, CommandPowers } from "./command.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft importraw <keyfile>`: encrypt a key that lies in a file as 64 hex digits. */
export const importRaw: Command = {
  name: "importraw",
  usage: [["importraw <keyfile>", "Import a private key from a file of 64 hex digits"]],
  flags: ["keystore", "lightkdf", "suppress-bootwarn"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  const [path, ...others] = args.positional;
  if (path === undefined || others.length > 0) {
    throw new Failure("usage", "<keyfile> must be given as first argument", {
      hint: "flags come before it: cleft [flags] importraw <keyfile>",
    });
  }
  const key = await readKey(path);
  try {
    await importKey({ key, path }, args, powers);
  } finally {
    key.wipe();
  }
}

function importKey(
  { key, path }: { readonly key: Secret; readonly path: string },
  args: Arguments,
  powers: CommandPowers,
): Promise<void> {
  return withKeys(args, powers, async ({ input, keys }) => {
    await confirmBootWarning(args, powers, input);
    // Before anybody types a password for nothing.
    await keys.checkLedger();
    await keys.keystore.checkNewKey(key);
    const password = await new PasswordPrompt(input, powers).askNewTrying(
      "Password",
      "Please enter a password for the imported account",
      "Please repeat the password you just entered",
    );
    const { address, url } = await keys.steward.importRawKey({ key, password });
    powers.print.out(importedText({ address: checksummed(address), path: pathOf(url) }));
    powers.print.warn("The file that it came from holds the key unencrypted: remove it", { path });
  });
}

/** Digits, a newline, and one byte more that would be too many. */
const keyFileBytesMax = 66;

/** Reads hex digits without making a string of them, which could not be wiped. */
async function readKey(path: string): Promise<Secret> {
  const digits = Buffer.alloc(limits.passwordBytesMax);
  try {
    const length = await readInto(digits.subarray(0, keyFileBytesMax), path);
    const end = digits[length - 1] === 0x0a ? length - 1 : length;
    if (end < 64) throw new Failure("usage", "key file too short, want 64 hex characters");
    if (end > 64)
      throw new Failure("usage", "key file too long, want 64 hex characters", {
        hint: "the digits alone, without 0x",
      });
    return Secret.filling(32, (key) => {
      for (let at = 0; at < 32; at++) {
        key[at] = 16 * nibble(digits[2 * at]) + nibble(digits[2 * at + 1]);
      }
    });
  } finally {
    digits.fill(0);
  }
}

/** Fills a buffer from a file or pipe as far as it goes; returns how far. */
async function readInto(buffer: Uint8Array, path: string): Promise<number> {
  const file = await open(path).catch((error: unknown) => {
    const reason = systemCode(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new Failure("usage", `open ${path}: ${reason}`, { cause: error });
  });
  try {
    for (let length = 0; ; ) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0) return length;
    }
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new Failure("usage", `read ${path}: ${messageOf(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

function nibble(digit: number | undefined): number {
  if (digit !== undefined && digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const letter = (digit ?? 0) | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x61 + 10;
  throw new Failure("usage", "invalid character in key file, want 64 hex characters");
}

/** Clef's text, with the space behind its first line. */
export function importedText({ address, path }: { address: string; path: string }): string {
  return `## Info \nKey imported:
  Address ${address}
  Keystore file: ${path}

The key is now encrypted; losing the password will result in permanently losing
access to the key and all associated funds!

Make sure to backup keystore and passwords in a safe location.`;
}
