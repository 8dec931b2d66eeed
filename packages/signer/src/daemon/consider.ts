import assert from "node:assert/strict";
import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { type Asked, questionDigest } from "../approval/decide.ts";
import type { Caller } from "../domain/caller.ts";
import type { Review } from "../domain/review.ts";
import { type Facts, factsOf } from "../inspect/facts.ts";
import { type AuthorityOf, inspect } from "../inspect/inspect.ts";
import { inspectAuthorization } from "../inspect/kinds/authorization.ts";
import { inspectText } from "../inspect/kinds/text.ts";
import { chainOf, judge } from "../policy/judge.ts";
import { type AuthorizationRequest, authorizationPreimage } from "../signable/authorization.ts";
import type { SpelledAddress } from "../signable/fields.ts";
import { parseSigning, preimageOf, type Signing } from "../signable/kinds.ts";
import { type Text, textPreimage } from "../signable/text.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import type { Asking, HandleParts } from "./asking.ts";

/** A request that passed every hard check, ready to be asked about. */
export interface Considered extends Asked {
  readonly caller: Caller;
  readonly review: Review;
  /** What a transaction moves, or an authorization gives away. */
  readonly facts: Facts | undefined;
  readonly preimage: Hex;
}

export interface ConsideredTransaction extends Considered {
  readonly args: TransactionArgs;
  readonly signing: Signing;
}

export interface ConsideredAuthorization extends Considered {
  readonly authorization: AuthorizationRequest;
}

export interface ConsideredText extends Considered {
  readonly text: Text;
}

/** Enough for what holds no authorizations. */
const nobody: AuthorityOf = () => undefined;

type Settings = Pick<HandleParts, "judgeSettings" | "generation">;

/** Inspects and judges a transaction. @throws Failure when a hard check rejects */
export function considerTransaction(
  args: TransactionArgs,
  asking: Asking,
  settings: Settings & { readonly authorityOf?: AuthorityOf },
): ConsideredTransaction {
  const { judgeSettings, authorityOf = nobody } = settings;
  const signing = parseSigning(args, chainOf(args.chainId, judgeSettings));
  const review = inspect(args, signing, authorityOf);
  const { findings } = review;
  const { chainId, authorizationList: authorizations = [] } = args;
  const verdict = judge({ findings, chainId, authorizations }, judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  assert.equal(signing.chainId, args.chainId ?? judgeSettings.chainId, "the chain that was asked");
  const subject = { account: args.from, kind: signing.tag, preimage: preimageOf(signing), review };
  return { ...considered(subject, asking, settings), facts: factsOf(signing), args, signing };
}

/** Inspects and judges a text. @throws Failure when a hard check rejects */
export function considerText(text: Text, asking: Asking, settings: Settings): ConsideredText {
  const review = inspectText(text);
  const verdict = judge({ findings: review.findings, chainId: undefined }, settings.judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  const { account, tag: kind, message } = text;
  const subject = { account, kind, preimage: textPreimage(message), review };
  return { ...considered(subject, asking, settings), facts: undefined, text };
}

/** Inspects and judges an authorization. @throws Failure when a hard check rejects */
export function considerAuthorization(
  authorization: AuthorizationRequest,
  asking: Asking,
  settings: Settings,
): ConsideredAuthorization {
  const review = inspectAuthorization(authorization);
  const { account, tag: kind, chainId, delegate, nonce } = authorization;
  // One for every chain names no chain; whether that may be is judged with the delegate.
  const judged = {
    findings: review.findings,
    chainId: chainId === 0n ? undefined : chainId,
    authorizations: [authorization],
  };
  const verdict = judge(judged, settings.judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  const preimage = authorizationPreimage(authorization);
  const facts = { chainId, nonce, to: delegate, valueWei: 0n, feeMaxWei: 0n };
  const subject = { account, kind, preimage, review };
  return { ...considered(subject, asking, settings), facts, authorization };
}

/** What every kind has in common; from here on it can't change without another digest. */
function considered(
  subject: {
    readonly account: SpelledAddress;
    readonly kind: string;
    readonly preimage: Uint8Array;
    readonly review: Review;
  },
  { id, caller }: Asking,
  { generation }: Settings,
): Omit<Considered, "facts"> {
  const { kind, review } = subject;
  const account = subject.account.address;
  const preimage = toHex(subject.preimage);
  const digest = questionDigest({ preimage, account, caller, review });
  const asked = { requestId: id, account, kind, preimage, digest, shown: digest };
  return { ...asked, caller, review, generation: generation() };
}
