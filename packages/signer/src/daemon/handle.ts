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

async function signTransaction(
  asking: Asking,
  args: TransactionArgs,
  parts: HandleParts,
): Promise<SignTransactionResult> {
  const { queue, ledger, vault, clock } = parts;
  const records = new Records(ledger, asking);
  const first = consider(args, asking, parts);

  return queue.turn(asking.gone, async (turn) => {
    const { account } = first;
    const { considered, answer } = await records.refusalOf(account, () =>
      agree(first, turn, (amended) => consider(amended, asking, parts)),
    );
    await vault.find(account);
    const { password } = await turn.ask<"password">({ kind: "password", account });
    try {
      const decision = queue.decider;
      const approved = decide(considered, { ...answer, decision }, { now: clock.now() });
      turn.check();
      await records.intent(considered, decision);
      const signature = await vault.sign(approved, password, { generation: parts.generation() });
      const result = resultOf(considered.signing, signature);
      await records.outcome(result);
      turn.tell({ kind: "signed", result });
      return result;
    } catch (error) {
      throw await records.failure(error, turn);
    } finally {
      password.wipe();
    }
  });
}

async function listAccounts(asking: Asking, parts: HandleParts): Promise<readonly Address[]> {
  const { queue, ledger, vault } = parts;
  const records = new Records(ledger, asking);
  const accounts = await vault.accounts();

  return queue.turn(asking.gone, async (turn) => {
    const { caller } = asking;
    const addresses = await records.refusalOf("", () => approveListing({ caller, accounts }, turn));
    await records.listing(addresses);
    return addresses;
  });
}
