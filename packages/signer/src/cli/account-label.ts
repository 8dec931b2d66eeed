import { parseLabel } from "../daemon/labels.ts";
import { openKeys } from "../daemon/open-keys.ts";
import { checksummed } from "../domain/address.ts";
import { checkCount, noKeyFor, parseTypedAddress } from "./account.ts";
import type { Command } from "./command.ts";
import { keysConfig } from "./config.ts";

/** `cleft account label <address> <text>`; an empty text takes the label away. */
export const accountLabel: Command = async (args, powers) => {
  checkCount(args.positional, { min: 2, max: 2 }, "label");
  const [typed, text = ""] = args.positional;
  const account = parseTypedAddress(typed, "label");
  const label = parseLabel(text);
  const keys = openKeys(keysConfig(args), powers);
  try {
    const accounts = await keys.keystore.accounts();
    // A label without its key may still be taken away.
    if (label !== "" && !accounts.some(({ address }) => address === account)) {
      throw noKeyFor(account);
    }
    await keys.steward.setLabel(account, label);
    const what = label === "" ? "has no label now" : `is called ${label} now`;
    powers.print.out(`${checksummed(account)} ${what}`);
  } finally {
    await keys.close();
  }
};
