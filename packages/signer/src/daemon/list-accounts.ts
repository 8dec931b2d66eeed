import type { Address } from "../domain/address.ts";
import { denied } from "./agree.ts";
import type { Asking, HandleParts } from "./asking.ts";
import { Records } from "./records.ts";

/** `account_list`: what the window chose to tell this caller, now or a while ago. */
export async function listAccounts(
  asking: Asking,
  parts: HandleParts,
): Promise<readonly Address[]> {
  const { queue, vault, listings } = parts;
  const { caller } = asking;
  const accounts = await vault.accounts();
  const remembered = listings.recall(caller, accounts);
  if (remembered !== undefined) return remembered;
  const records = new Records(asking, { about: "listing", account: "" }, parts);

  return queue.turn(asking, (turn) =>
    records.closing(turn, async () => {
      const { addresses } = await turn.ask("listing", { caller, accounts });
      if (addresses === undefined) throw denied();
      records.agreed();
      await records.listing(addresses);
      if (queue.decider === "person") listings.remember(caller, accounts, addresses);
      return addresses;
    }),
  );
}
