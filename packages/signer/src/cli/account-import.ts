import { resolve } from "node:path";
import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { checkCount, misused } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { importedText } from "./importraw.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft account import <keyfile>`: the key of a file from elsewhere, under a new password. */
export const accountImport: Command = {
  name: "account import",
  usage: [["account import <keyfile>", "take in a key file, version 3 or 1"]],
  flags: ["keystore", "lightkdf"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 1 }, accountImport);
  const [path] = args.positional;
  if (path === undefined) throw misused(accountImport, "<keyfile> must be given as first argument");
  const { print } = powers;
  await withKeys(args, powers, async ({ input, keys }) => {
    const file = await keys.readKeyFile(resolve(path));
    if (file === undefined) throw new Failure("usage", `open ${path}: no such file or directory`);
    // Before anybody types a password for nothing.
    await keys.checkLedger();
    if (file.address !== undefined) await keys.keystore.checkNew(file.address);
    const prompt = new PasswordPrompt(input, powers);
    const passwords = await prompt.askChange("of the key file", async (password) =>
      keys.keystore.checkNew(await keys.keystore.ownerOf(file, password)),
    );
    const { address, url } = await keys.steward.importKeyFile(file, passwords);
    print.out(importedText({ address: checksummed(address), path: pathOf(url) }));
    if (file.address === undefined) {
      print.warn("The key file named no account: check that this is the one you expect");
    }
  });
}
