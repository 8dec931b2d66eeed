import assert from "node:assert/strict";
import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { type Asked, questionDigest } from "../approval/decide.ts";
import type { Caller } from "../domain/caller.ts";
import type { Review } from "../domain/review.ts";
import { type Facts, factsOf } from "../inspect/facts.ts";
import { inspect } from "../inspect/inspect.ts";
import { chainOf, judge } from "../policy/judge.ts";
import { parseSigning, preimageOf, type Signing } from "../signable/kinds.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import type { Asking, HandleParts } from "./asking.ts";

/** A request that passed every hard check, ready to be asked about. */
export interface Considered extends Asked {
  readonly caller: Caller;
  readonly args: TransactionArgs;
  readonly signing: Signing;
  readonly review: Review;
  readonly facts: Facts;
  readonly preimage: Hex;
}

/** Inspects and judges. @throws Failure when a hard check rejects */
export function consider(
  args: TransactionArgs,
  { id, caller }: Asking,
  { judgeSettings, generation }: Pick<HandleParts, "judgeSettings" | "generation">,
): Considered {
  const signing = parseSigning(args, chainOf(args.chainId, judgeSettings));
  const review = inspect(args, signing);
  const verdict = judge({ findings: review.findings, chainId: args.chainId }, judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  assert.equal(signing.chainId, args.chainId ?? judgeSettings.chainId, "the chain that was asked");
  const account = args.from.address;
  const preimage = toHex(preimageOf(signing));
  const digest = questionDigest({ preimage, account, caller, review });
  return {
    requestId: id,
    caller,
    args,
    signing,
    review,
    facts: factsOf(signing),
    account,
    kind: signing.tag,
    preimage,
    digest,
    shown: digest,
    generation: generation(),
  };
}
