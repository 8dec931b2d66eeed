import { checksummed } from "../domain/address.ts";
import { checkCount, parseTypedAddress } from "./account.ts";
import type { Command } from "./command.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft account passwd <address>`: the same key under a new password, in the same file. */
export const accountPasswd: Command = async (args, powers) => {
  checkCount(args.positional, { max: 1 }, "passwd");
  const account = parseTypedAddress(args.positional[0], "passwd");
  await withKeys(args, powers, async ({ input, keys }) => {
    // Before anybody types a password for nothing.
    await keys.keystore.only(account);
    const prompt = new PasswordPrompt(input, powers);
    const passwords = await prompt.askChange(`of account ${checksummed(account)}`);
    await keys.steward.changePassword(account, passwords);
    powers.print.out(`The password of ${checksummed(account)} was changed`);
    powers.print.warn("Backups of the key file still open with the old password");
  });
};
