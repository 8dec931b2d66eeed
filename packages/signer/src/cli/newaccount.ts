import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Secret } from "../domain/secret.ts";
import type { Input } from "../window/input.ts";
import type { Arguments } from "./arguments.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { Command, CommandPowers } from "./command.ts";
import { PasswordPrompt } from "./password.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft newaccount`: make a key and its file. */
export const newAccount: Command = {
  name: "newaccount",
  usage: [["newaccount", "Create a new account"]],
  flags: ["keystore", "lightkdf", "suppress-bootwarn"],
  run,
};

function run(args: Arguments, powers: CommandPowers): Promise<void> {
  return withKeys(args, powers, async ({ input, keys }) => {
    const { print } = powers;
    await confirmBootWarning(args, powers, input);
    // Before anybody types a password for nothing.
    await keys.checkLedger();
    const password = await askNewPassword(input, powers);
    const { address, url } = await keys.steward.createAccount(password);
    print.info("Your new key was generated", { address: checksummed(address) });
    print.warn("Please backup your key file!", { path: pathOf(url) });
    print.warn("Please remember your password!");
    print.out(`Generated account ${checksummed(address)}`);
  });
}

/** A person types it twice: a slip would lock the key away. A pipe says it once, as to Clef. */
async function askNewPassword(input: Input, powers: CommandPowers): Promise<Secret> {
  const prompt = new PasswordPrompt(input, powers);
  // Clef counts from 0, and pipes get its words; people count from 1.
  const first = input.isTerminal ? 1 : 0;
  for (let attempt = first; attempt < first + limits.passwordTries; attempt++) {
    try {
      const title = "New account password";
      const tries = `(attempt ${attempt} of ${limits.passwordTries})`;
      const text = `Please enter a password for the new account to be created ${tries}`;
      const again = input.isTerminal ? "Please repeat the password" : undefined;
      return await prompt.askNew(title, text, again);
    } catch (error) {
      if (!(error instanceof Failure) || powers.stop.aborted) throw error;
      powers.print.warn("error obtaining password", { attempt, error: error.message });
    }
  }
  throw new Failure("aborted", "account creation failed", {
    hint: `a password has at least ${limits.passwordBytesMin} printable ASCII characters`,
  });
}
