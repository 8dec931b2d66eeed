import { inert } from "@cleft/protocol/inert.ts";
import { checksummed } from "../domain/address.ts";
import { limits } from "../domain/limits.ts";
import type { Arguments } from "./arguments.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { Command, CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";
import { warnIfAbsent } from "./keystore-folder.ts";
import { withKeys } from "./with-keys.ts";

/** `cleft list-accounts`: scripts read this, so it says what Clef says and no more. */
export const listAccounts: Command = {
  name: "list-accounts",
  usage: [["list-accounts", "List accounts in the keystore"]],
  flags: ["keystore", "suppress-bootwarn"],
  run: showAccounts,
};

function showAccounts(args: Arguments, powers: CommandPowers): Promise<void> {
  return withKeys(args, powers, async ({ input, keys }) => {
    const { print } = powers;
    await confirmBootWarning(args, powers, input);
    warnIfAbsent(keysConfig(args).keystore, print);
    const accounts = await keys.keystore.accounts();
    if (accounts.length === 0) print.out("\nThe keystore is empty.");
    print.out("");
    for (const { address, url } of accounts) print.out(`${checksummed(address)} (${shown(url)})`);
  });
}

/** `cleft list-wallets`: to Clef, each key file is a wallet with one account. */
export const listWallets: Command = {
  name: "list-wallets",
  usage: [["list-wallets", "List wallets known to Cleft"]],
  flags: ["keystore", "suppress-bootwarn"],
  run: showWallets,
};

function showWallets(args: Arguments, powers: CommandPowers): Promise<void> {
  return withKeys(args, powers, async ({ input, keys }) => {
    const { print } = powers;
    await confirmBootWarning(args, powers, input);
    warnIfAbsent(keysConfig(args).keystore, print);
    const accounts = await keys.keystore.accounts();
    if (accounts.length === 0) print.out("\nThere are no wallets.");
    print.out("");
    for (const [at, { address, url }] of accounts.entries()) {
      print.out(`- Wallet ${at} at ${shown(url)} (Locked )`);
      print.out(`  -Account 0: ${checksummed(address)} (${shown(url)})\n`);
    }
  });
}

/** A name of a file may hold anything; an ordinary one is shown as it is. */
function shown(url: string): string {
  return inert(url, { charsMax: limits.pathCharsMax, ascii: false });
}
