import { openKeys } from "../daemon/open-keys.ts";
import { parseLabel } from "../daemon/operator/labels.ts";
import { noKeyFor } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { checkCount, parseTypedAddress } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";

/** `cleft account label <address> <text>`; an empty text takes the label away. */
export const accountLabel: Command = {
  name: "account label",
  usage: [["account label <address> <text>", 'name an account; "" takes the name away']],
  flags: ["keystore"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  checkCount(args.positional, { min: 2, max: 2 }, accountLabel);
  const [typed, text = ""] = args.positional;
  const account = parseTypedAddress(typed, accountLabel);
  const label = parseLabel(text);
  const keys = openKeys(keysConfig(args), powers);
  try {
    const accounts = await keys.keystore.accounts();
    // A label without its key may still be taken away.
    if (label !== "" && !accounts.some(({ address }) => address === account)) {
      throw noKeyFor(account);
    }
    await keys.steward.setLabel(account, label);
    const what = label === "" ? "has no label now" : `is called "${label}" now`;
    powers.print.out(`${checksummed(account)} ${what}`);
    for (const [other, name] of await keys.labels.all()) {
      if (other === account || name !== label) continue;
      powers.print.warn("Another account has the same label", { account: checksummed(other) });
    }
  } finally {
    await keys.close();
  }
}
