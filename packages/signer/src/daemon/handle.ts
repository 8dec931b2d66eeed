import { externalApiVersion, type SignTransactionResult } from "@cleft/protocol/account.ts";
import { decide } from "../approval/decide.ts";
import type { Address } from "../domain/address.ts";
import { resultOf } from "../signable/kinds.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import type { Request } from "../untrusted/rpc/methods.ts";
import { agree, approveListing } from "./agree.ts";
import type { Asking, HandleParts } from "./asking.ts";
import { consider } from "./consider.ts";
import { Records } from "./records.ts";

/** A request's whole life behind the parser, top to bottom. @throws Failure */
export async function handle(
  asking: Asking,
  request: Request,
  parts: HandleParts,
): Promise<unknown> {
  switch (request.method) {
    case "rpc_modules":
      return { account: "1.0", rpc: "1.0" };
    case "account_version":
      return externalApiVersion;
    case "account_list":
      return listAccounts(asking, parts);
    case "account_signTransaction":
      return signTransaction(asking, request.args, parts);
  }
}

/**
 * Inspect and judge; ask until the window agrees to exactly this; look the account up, not before;
 * decide; write the intent; sign; write the outcome; only then tell anybody.
 */
async function signTransaction(
  asking: Asking,
  args: TransactionArgs,
  parts: HandleParts,
): Promise<SignTransactionResult> {
  const { queue, vault, clock } = parts;
  const decision = queue.decider;
  const first = consider(args, asking, parts);
  const { account } = first;
  const records = new Records(asking, account, parts);

  return queue.turn(asking, (turn) =>
    records.closing(turn, async () => {
      const yes = await agree(first, turn, (amended) => consider(amended, asking, parts));
      records.agreed();
      await vault.find(account);
      const { password } = await turn.ask("password", { account });
      try {
        const now = clock.now();
        const approved = decide(yes.considered, { digest: yes.digest, decision }, { now });
        await records.intent(yes.considered, decision);
        const signature = await vault.sign(approved, password, turn.check);
        const result = resultOf(yes.considered.signing, signature);
        await records.outcome(result);
        turn.tell({ kind: "signed", result });
        return result;
      } finally {
        password.wipe();
      }
    }),
  );
}

async function listAccounts(asking: Asking, parts: HandleParts): Promise<readonly Address[]> {
  const { queue, vault } = parts;
  const accounts = await vault.accounts();
  const records = new Records(asking, "", parts);

  return queue.turn(asking, (turn) =>
    records.closing(turn, async () => {
      const { caller } = asking;
      const addresses = await approveListing({ caller, accounts }, turn);
      records.agreed();
      await records.listing(addresses);
      return addresses;
    }),
  );
}
