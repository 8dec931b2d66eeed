import type { OpenKeys } from "../daemon/open-keys.ts";
import { type Address, checksummed } from "../domain/address.ts";
import type { PasswordPrompt } from "./password.ts";

/**
 * Asks for the password of an account's key and for the one that it gets, once nothing else stands in
 * the way: nobody types a password for nothing.
 * @throws Failure `ledger.broken`, `account.…`, and as {@link PasswordPrompt.askChange}
 */
export async function askAccountChange(
  account: Address,
  keys: Pick<OpenKeys, "checkLedger" | "keystore">,
  prompt: PasswordPrompt,
): ReturnType<PasswordPrompt["askChange"]> {
  await keys.checkLedger();
  const { keyFile } = await keys.keystore.only(account);
  return prompt.askChange(`of account ${checksummed(account)}`, (password) =>
    keys.keystore.ownerOf(keyFile, password),
  );
}
