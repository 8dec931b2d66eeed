import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import type { Turn } from "../../approval/queue.ts";
import type { DataWire } from "../../approval/window.ts";
import { Failure } from "../../domain/failure.ts";
import type { Finding } from "../../domain/finding.ts";
import { hashOf } from "../../domain/hash.ts";
import { limits } from "../../domain/limits.ts";
import type { Unlocked } from "../../domain/unlock-terms.ts";
import { parseAmended } from "../../signable/amend.ts";
import { prefixed } from "../../signable/fields.ts";
import { type TransactionArgs, toTransactionWire } from "../../signable/transaction-args.ts";
import type { Considered, ConsideredMessage, ConsideredTransaction } from "./consider.ts";

/** A yes: what is to be signed, and the digest that the answer carried. */
export interface Agreed<C extends Considered> {
  readonly considered: C;
  readonly digest: Hex;
}

/**
 * Asks until the answer is a no, or a yes to exactly what was considered. What a window changed is
 * considered anew, and shown again if that finds more than before.
 * @throws Failure `request.denied`, `window.amendment`, and those of the turn
 */
export async function agreeOnTransaction(
  first: ConsideredTransaction,
  turn: Turn,
  {
    unlocked,
    consider,
  }: {
    readonly unlocked: Unlocked | undefined;
    readonly consider: (args: TransactionArgs) => ConsideredTransaction;
  },
): Promise<Agreed<ConsideredTransaction>> {
  let considered = first;
  for (let round = 0; round < limits.amendmentsMax; round++) {
    const answer = await turn.ask("transaction", {
      caller: considered.caller,
      review: considered.review,
      transaction: toTransactionWire(considered.args),
      digest: considered.digest,
      again: round > 0,
      unlocked,
    });
    if (!answer.approved) throw denied();
    const { digest } = answer;
    if (answer.transaction === undefined) return { considered, digest };
    const amended = amend(considered, answer.transaction, consider);
    if (amended.preimage === considered.preimage) return { considered, digest };
    if (newFinding(considered, amended) === undefined) {
      return { considered: { ...amended, shown: considered.digest }, digest };
    }
    considered = amended;
  }
  throw new Failure("window.amendment", "the window keeps changing the transaction");
}

/** Asks for a yes or no to a message. @throws Failure `request.denied`, and those of the turn */
export async function agreeOnMessage(
  considered: ConsideredMessage,
  turn: Turn,
  unlocked: Unlocked | undefined,
): Promise<Agreed<ConsideredMessage>> {
  const { caller, review, digest } = considered;
  const data = toDataWire(considered);
  const answer = await turn.ask("data", { caller, review, data, digest, unlocked });
  if (!answer.approved) throw denied();
  return { considered, digest: answer.digest };
}

/** The window's no. */
export function denied(): Failure {
  return new Failure("request.denied", "request denied");
}

function toDataWire({ form, preimage }: ConsideredMessage): DataWire {
  const bytes = fromHex(preimage);
  const { contentType, account, messages } = form;
  return {
    content_type: contentType,
    address: prefixed(account),
    raw_data: Buffer.from(bytes).toString("base64"),
    messages,
    hash: hashOf(bytes),
  };
}

function amend(
  { args, signing }: ConsideredTransaction,
  untrusted: JsonValue,
  consider: (args: TransactionArgs) => ConsideredTransaction,
): ConsideredTransaction {
  const amended = parseAmended(args, untrusted, signing.chainId);
  try {
    return consider(amended);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("window.amendment", `the window's change is refused: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Looks again at what was agreed to, right before it is written down: meanwhile others were signed.
 * @throws Failure `request.changed` for what nobody has seen yet
 */
export function refuseNews(before: Considered, after: Considered): void {
  if (newFinding(before, after) === undefined) return;
  // What it is may be another caller's business; the window shows it the next time.
  throw new Failure("request.changed", "there is more to be shown by now, ask again");
}

/** The first that matters of what a second look finds and nobody has seen yet. */
function newFinding(before: Considered, after: Considered): Finding | undefined {
  const seen = new Set(before.review.findings.map(({ message }) => message));
  return after.review.findings.find(
    ({ severity, message }) => severity !== "info" && !seen.has(message),
  );
}
