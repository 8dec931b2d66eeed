import { checksummed } from "../domain/address.ts";
import { checkCount, parseTypedAddress } from "./account-arguments.ts";
import { askAccountChange } from "./account-change.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft account passwd <address>`: the same key under a new password, in the same file. */
export const accountPasswd: Command = {
  name: "account passwd",
  usage: [["account passwd <address>", "encrypt a key under a new password"]],
  flags: ["keystore", "lightkdf"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 1 }, accountPasswd);
  const account = parseTypedAddress(args.positional[0], accountPasswd);
  await withKeys(args, powers, async ({ input, keys }) => {
    const prompt = new PasswordPrompt(input, powers);
    const passwords = await askAccountChange(account, keys, prompt);
    await keys.steward.changePassword(account, passwords);
    powers.print.out(`The password of ${checksummed(account)} was changed`);
    powers.print.warn("Backups of the key file still open with the old password");
  });
}
