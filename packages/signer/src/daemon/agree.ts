import type { Hex } from "@cleft/protocol/hex.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import type { Turn } from "../approval/queue.ts";
import type { Questions } from "../approval/window.ts";
import type { Address } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { parseAmended } from "../signable/amend.ts";
import { type TransactionArgs, toTransactionWire } from "../signable/transaction-args.ts";
import type { Considered } from "./consider.ts";

/** A yes: what is to be signed, and the digest that the answer carried. */
export interface Agreed {
  readonly considered: Considered;
  readonly digest: Hex;
}

/**
 * Asks until the answer is a no, or a yes to exactly what was considered. What a window changed is
 * considered anew, and shown again if that finds more than before.
 * @throws Failure `request.denied`, `window.amendment`, and those of the turn
 */
export async function agree(
  first: Considered,
  turn: Turn,
  consider: (args: TransactionArgs) => Considered,
): Promise<Agreed> {
  let considered = first;
  for (let round = 0; round < limits.amendmentsMax; round++) {
    const answer = await turn.ask("transaction", {
      caller: considered.caller,
      review: considered.review,
      transaction: toTransactionWire(considered.args),
      digest: considered.digest,
      again: round > 0,
    });
    if (!answer.approved) throw denied();
    const { digest } = answer;
    if (answer.transaction === undefined) return { considered, digest };
    const amended = amend(considered, answer.transaction, consider);
    if (amended.preimage === considered.preimage) return { considered, digest };
    if (!isTightened(considered, amended)) {
      return { considered: { ...amended, shown: considered.digest }, digest };
    }
    considered = amended;
  }
  throw new Failure("window.amendment", "the window keeps changing the transaction");
}

/** Asks which accounts the caller may know. @throws Failure `request.denied` */
export async function approveListing(
  listing: Questions["listing"],
  turn: Turn,
): Promise<readonly Address[]> {
  const { addresses } = await turn.ask("listing", listing);
  if (addresses === undefined) throw denied();
  return addresses;
}

function amend(
  { args, signing }: Considered,
  untrusted: JsonValue,
  consider: (args: TransactionArgs) => Considered,
): Considered {
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

/** Whether the change brings up something that nobody has seen yet. */
function isTightened(before: Considered, after: Considered): boolean {
  const seen = new Set(before.review.findings.map(({ message }) => message));
  return after.review.findings.some(
    ({ severity, message }) => severity !== "info" && !seen.has(message),
  );
}

function denied(): Failure {
  return new Failure("request.denied", "the request was denied at the window");
}
