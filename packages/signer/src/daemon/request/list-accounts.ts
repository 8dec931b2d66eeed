import type { Address } from "../../domain/address.ts";
import { denied } from "./agree.ts";
import { askedTurn } from "./asked-turn.ts";
import type { Asking, HandleParts } from "./asking.ts";
import { Records } from "./records.ts";

/** `account_list`: what the window chose to tell this caller, now or a while ago. */
export async function listAccounts(
  asking: Asking,
  parts: HandleParts,
): Promise<readonly Address[]> {
  const { callers, queue, vault, listings } = parts;
  const { caller } = asking;
  const accounts = callers.seen(caller, await vault.accounts());
  // Who may see none learns that there are none, and nobody is asked.
  if (accounts.length === 0 && caller.identity.kind === "qube") return [];
  const remembered = listings.recall(caller, accounts);
  if (remembered !== undefined) return remembered;
  const labels = await parts.labels.known();
  const named = accounts.map((account) => ({ ...account, label: labels.get(account.address) }));
  const records = new Records(asking, { about: "listing", account: "" }, parts);

  return askedTurn(asking, "listing", parts, (turn) =>
    records.closing(turn, async () => {
      const { addresses } = await turn.ask("listing", { caller, accounts: named });
      if (addresses === undefined) throw denied();
      records.agreed();
      const told = callers.told(caller, addresses);
      await records.listing(told);
      if (queue.decider === "person") listings.remember(caller, accounts, told);
      return told;
    }),
  );
}
