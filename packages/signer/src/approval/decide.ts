import assert from "node:assert/strict";
import type { Hex } from "@cleft/protocol/hex.ts";
import type { Address } from "../domain/address.ts";
import type { Caller } from "../domain/caller.ts";
import type { Decider } from "../domain/decider.ts";
import { Failure } from "../domain/failure.ts";
import { fingerprintOf } from "../domain/hash.ts";
import { limits } from "../domain/limits.ts";
import type { Review } from "../domain/review.ts";

declare const seal: unique symbol;

/** Leave to sign exactly `preimage` with exactly `account`, once. Only {@link decide} makes it. */
export interface Approved {
  readonly [seal]: true;
  readonly requestId: string;
  readonly account: Address;
  readonly kind: string;
  readonly preimage: Hex;
  readonly digest: Hex;
  readonly decision: Decider;
  readonly generation: number;
  /** Milliseconds by the clock that nobody sets. */
  readonly expiresAt: number;
}

/** What was asked, and by what an answer is bound to it. */
export interface Asked {
  readonly requestId: string;
  readonly account: Address;
  readonly kind: string;
  readonly preimage: Hex;
  /** Digest of this very question. */
  readonly digest: Hex;
  /** Digest of the question that was shown: its own, or the one that a window amended. */
  readonly shown: Hex;
  /** Number of the policy under which it was judged. */
  readonly generation: number;
}

/** A yes, with the digest of the question that it answers. */
export interface Answer {
  readonly digest: Hex;
  readonly decision: Decider;
}

/** Approvals that were made and not redeemed. */
const valid = new WeakSet<Approved>();

/** The digest of a question: over what is signed, with what, for whom and what was shown. */
export function questionDigest(question: {
  readonly preimage: Hex;
  readonly account: Address;
  readonly caller: Caller;
  readonly review: Review;
}): Hex {
  const { preimage, account, caller, review } = question;
  return fingerprintOf(JSON.stringify([preimage, account, caller, review]));
}

/**
 * Turns a yes into leave to sign.
 * @throws Failure `window.answer` when the answer belongs to another question.
 */
export function decide(asked: Asked, answer: Answer, { now }: { now: number }): Approved {
  if (answer.digest !== asked.shown) {
    throw new Failure("window.answer", "the answer belongs to another question");
  }
  const { requestId, account, kind, preimage, digest, generation } = asked;
  const approved = Object.freeze({
    requestId,
    account,
    kind,
    preimage,
    digest,
    generation,
    decision: answer.decision,
    expiresAt: now + limits.approvedMs,
  } as Approved);
  valid.add(approved);
  return approved;
}

/**
 * Uses up an approval. Anything that `decide` did not make, or a second use, is a bug.
 * @throws Failure `request.expired` when it came too late or the policy has changed since.
 */
export function redeem(
  approved: Approved,
  { now, generation }: { now: number; generation: number },
): void {
  assert(valid.delete(approved), "only an approval that decide made can be signed, and only once");
  if (now > approved.expiresAt || approved.generation !== generation) {
    throw new Failure("request.expired", "the approval is not valid any more");
  }
}
