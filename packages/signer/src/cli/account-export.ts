import { lstat, realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type Address, checksummed } from "../domain/address.ts";
import { Failure, systemCode } from "../domain/failure.ts";
import { checkCount, parseTypedAddress } from "./account-arguments.ts";
import { askAccountChange } from "./account-change.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft account export <address> [file]`: an encrypted copy of a key. Never the key itself. */
export const accountExport: Command = {
  name: "account export",
  usage: [
    [
      "account export <address> [file]",
      "an encrypted copy under a new password, to stdout if no file is named",
    ],
  ],
  flags: ["keystore", "lightkdf"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 2 }, accountExport);
  const account = parseTypedAddress(args.positional[0], accountExport);
  const path = args.positional[1] ?? "-";
  if (path !== "-") await checkTarget(path, keysConfig(args).keystore);
  const { print } = powers;
  await withKeys(args, powers, async ({ input, keys }) => {
    const prompt = new PasswordPrompt(input, powers, path === "-" ? "err" : "out");
    const passwords = await askAccountChange(account, keys, prompt);
    const file = path === "-" ? "stdout" : resolve(path);
    const write = async (copy: Uint8Array) => {
      if (path === "-") await print.outWhole(new TextDecoder().decode(copy));
      else await keys.createFile(file, copy);
    };
    await keys.steward.exportKeyFile({ account, file, write }, passwords);
    if (path !== "-") print.out(exportedText({ account, path }));
  });
}

/**
 * Before anybody types a password for nothing. A folder isn't made: one that is missing is a slip, or
 * a disk that isn't there. A copy beside the key would stop it from signing.
 */
async function checkTarget(path: string, keystore: string): Promise<void> {
  const folder = await realpath(dirname(resolve(path))).catch(absentAs(undefined));
  if (folder === undefined) {
    throw new Failure("usage", `open ${path}: no such file or directory`, {
      hint: "make the folder first, or mount the disk",
    });
  }
  if (folder === (await realpath(keystore).catch(absentAs(keystore)))) {
    throw new Failure("usage", "expected a file outside of the keystore", {
      hint: "two key files of one account in the keystore would stop it from signing",
    });
  }
  const there = await lstat(path).catch(absentAs(undefined));
  if (there !== undefined) throw new Failure("store.refused", `file ${path} already exists`);
}

/** Turns "there is no such file" into a value. */
function absentAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (systemCode(error) === "ENOENT") return value;
    throw error;
  };
}

function exportedText({ account, path }: { account: Address; path: string }): string {
  return `An encrypted copy of ${checksummed(account)} is in ${path}`;
}
