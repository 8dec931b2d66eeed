import assert from "node:assert/strict";
import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { type Asked, questionDigest } from "../../approval/decide.ts";
import type { Caller } from "../../domain/caller.ts";
import { hashOf } from "../../domain/hash.ts";
import type { Review } from "../../domain/review.ts";
import { type Facts, factsOf, factsOfMessage } from "../../inspect/facts.ts";
import { type AuthorityOf, inspect } from "../../inspect/inspect.ts";
import { type LabelsOf, labelled } from "../../inspect/labelled.ts";
import { inspectMessage } from "../../inspect/message.ts";
import { type MethodsOf, standardMethodsOf } from "../../inspect/selectors.ts";
import { chainOf, judge } from "../../policy/judge.ts";
import type { SpelledAddress } from "../../signable/fields.ts";
import { parseSigning, preimageOf, type Signing } from "../../signable/kinds.ts";
import type { MessageForm } from "../../signable/message-form.ts";
import { chainIdOf, formOf, type Message } from "../../signable/messages.ts";
import { refuseMismatch } from "../../signable/safe-tx.ts";
import type { TransactionArgs } from "../../signable/transaction-args.ts";
import type { Asking, HandleParts } from "./asking.ts";

/** A request that passed every hard check, ready to be asked about. */
export interface Considered extends Asked {
  readonly caller: Caller;
  readonly review: Review;
  /** What a transaction moves, or an authorization gives away. */
  readonly facts: Facts | undefined;
  /** The number of the block whose header is signed. */
  readonly block: bigint | undefined;
  readonly preimage: Hex;
}

export interface ConsideredTransaction extends Considered {
  readonly args: TransactionArgs;
  readonly signing: Signing;
}

export interface ConsideredMessage extends Considered {
  readonly message: Message;
  readonly form: MessageForm;
}

/** Enough for what holds no authorizations. */
const nobody: AuthorityOf = () => undefined;

interface Settings extends Pick<HandleParts, "judgeSettings" | "generation"> {
  /** The methods that the call may be of; unless it is given, those that need no file. */
  readonly methodsOf?: MethodsOf;
  /** What the operator calls accounts. */
  readonly labels?: LabelsOf;
}

/** Inspects and judges a transaction. @throws Failure when a hard check rejects */
export function considerTransaction(
  args: TransactionArgs,
  asking: Asking,
  settings: Settings & { readonly authorityOf?: AuthorityOf },
): ConsideredTransaction {
  const { judgeSettings, authorityOf = nobody, methodsOf = standardMethodsOf } = settings;
  const signing = parseSigning(args, chainOf(args.chainId, judgeSettings));
  const review = labelled(inspect(args, signing, { authorityOf, methodsOf }), settings.labels);
  const { findings } = review;
  const { chainId, authorizationList: authorizations = [] } = args;
  const channel = asking.caller.identity.kind;
  const verdict = judge({ channel, findings, chainId, authorizations }, judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  assert.equal(signing.chainId, args.chainId ?? judgeSettings.chainId, "the chain that was asked");
  const subject = { account: args.from, kind: signing.tag, preimage: preimageOf(signing), review };
  return {
    ...considered(subject, asking, settings),
    facts: factsOf(signing),
    block: undefined,
    args,
    signing,
  };
}

/** Inspects and judges a message. @throws Failure when a hard check rejects */
export function considerMessage(
  message: Message,
  asking: Asking,
  settings: Settings & {
    readonly clock: Pick<HandleParts["clock"], "now">;
    readonly ledger: Pick<HandleParts["ledger"], "headers">;
  },
): ConsideredMessage {
  const inspected = inspectMessage(message, {
    methodsOf: settings.methodsOf ?? standardMethodsOf,
    nowMs: settings.clock.now(),
    origin: asking.caller.claims.origin,
    sealedBefore: ({ account, number, encoded }) =>
      settings.ledger.headers.hasOther({
        account: account.address,
        block: String(number),
        preimage: hashOf(encoded),
      }),
  });
  const review = labelled(inspected, settings.labels);
  const { findings } = review;
  const channel = asking.caller.identity.kind;
  const authorizations = message.tag === "authorization" ? [message] : [];
  const judged = { channel, findings, chainId: chainIdOf(message), authorizations };
  const verdict = judge(judged, settings.judgeSettings);
  if (verdict.verdict === "reject") throw verdict.failure;
  if (message.tag === "safe-tx") refuseMismatch(message);
  const form = formOf(message);
  const subject = { ...form, kind: message.tag, review };
  const block = message.tag === "clique" ? message.number : undefined;
  const facts = factsOfMessage(message);
  return { ...considered(subject, asking, settings), facts, block, message, form };
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
): Omit<Considered, "facts" | "block"> {
  const { kind, review } = subject;
  const account = subject.account.address;
  const preimage = toHex(subject.preimage);
  const digest = questionDigest({ preimage, account, caller, review });
  const asked = { requestId: id, account, kind, preimage, digest, shown: digest };
  return { ...asked, caller, review, generation: generation() };
}
