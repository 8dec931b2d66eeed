import { readFile } from "node:fs/promises";
import { openKeys } from "../daemon/assemble.ts";
import { checksummed } from "../domain/address.ts";
import { Failure, systemCode } from "../domain/failure.ts";
import { Secret } from "../domain/secret.ts";
import type { Input } from "../window/input.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { Command, CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";
import { checkNewPassword, PasswordPrompt } from "./password.ts";

/** `cleft importraw <keyfile>`: encrypt a key that lies in a file as 64 hex digits. */
export const importRaw: Command = async (args, powers) => {
  const [path, ...others] = args.positional;
  if (path === undefined || others.length > 0) {
    throw new Failure("usage", "<keyfile> must be given as first argument");
  }
  const key = await readKey(path);
  const { input, close } = powers.openInput();
  const keys = openKeys(keysConfig(args), powers);
  try {
    await confirmBootWarning(args, powers, input);
    const password = await askPassword(input, powers);
    const { address, url } = await keys.keystore.import({ key, password });
    powers.print.out(importedText({ address: checksummed(address), path: url }));
  } finally {
    key.wipe();
    close();
    await keys.close();
  }
};

/** Reads hex digits without making a string of them, which could not be wiped. */
async function readKey(path: string): Promise<Secret> {
  const digits = await readFile(path).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT")
      throw new Failure("usage", `can't read ${path}`, { cause: error });
    throw new Failure("usage", `open ${path}: no such file or directory`, { cause: error });
  });
  try {
    const end = digits.at(-1) === 0x0a ? digits.length - 1 : digits.length;
    if (end < 64) throw new Failure("usage", "key file too short, want 64 hex characters");
    if (end > 64) throw new Failure("usage", "key file too long, want 64 hex characters");
    const key = new Uint8Array(32);
    for (let at = 0; at < 32; at++) {
      key[at] = 16 * nibble(digits[2 * at]) + nibble(digits[2 * at + 1]);
    }
    return Secret.taking(key);
  } finally {
    digits.fill(0);
  }
}

function nibble(digit: number | undefined): number {
  if (digit !== undefined && digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const letter = (digit ?? 0) | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x61 + 10;
  throw new Failure("usage", "invalid character in key file, want 64 hex characters");
}

async function askPassword(input: Input, powers: CommandPowers): Promise<Secret> {
  const prompt = new PasswordPrompt(input, powers);
  const title = "Password";
  const password = await prompt.ask(title, "Please enter a password for the imported account");
  const again = "Please repeat the password you just entered";
  await prompt.repeat(password, { title, prompt: again });
  checkNewPassword(password);
  return password;
}

function importedText({ address, path }: { address: string; path: string }): string {
  return `## Info
Key imported:
  Address ${address}
  Keystore file: ${path.replace("keystore://", "")}

The key is now encrypted; losing the password will result in permanently losing
access to the key and all associated funds!

Make sure to backup keystore and passwords in a safe location.`;
}
