import { externalApiVersion, type SignTransactionResult } from "@cleft/protocol/account.ts";
import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { decide } from "../approval/decide.ts";
import type { Turn } from "../approval/queue.ts";
import type { Notice, Signs } from "../approval/window.ts";
import { nameOf } from "../domain/caller.ts";
import { fingerprintOf, hashOf } from "../domain/hash.ts";
import { packSignature, type Signature } from "../domain/signature.ts";
import type { Unlocked } from "../domain/unlock-terms.ts";
import { servedChains } from "../policy/judge.ts";
import { toAuthorizationWire } from "../signable/authorization.ts";
import { resultOf } from "../signable/kinds.ts";
import type { Message } from "../signable/messages.ts";
import { safeTxResult, toSafeTx } from "../signable/safe-tx.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import type { Request } from "../untrusted/rpc/methods.ts";
import { type Agreed, agreeOnMessage, agreeOnTransaction, refuseNews } from "./request/agree.ts";
import { askedTurn } from "./request/asked-turn.ts";
import type { Asking, HandleParts } from "./request/asking.ts";
import { loadAuthorityOf } from "./request/authority.ts";
import { withBlobs } from "./request/blobs.ts";
import { type Considered, considerMessage, considerTransaction } from "./request/consider.ts";
import { recoverSigner } from "./request/ec-recover.ts";
import { listAccounts } from "./request/list-accounts.ts";
import { newAccount } from "./request/new-account.ts";
import { Openings } from "./request/openings.ts";
import { Records } from "./request/records.ts";
import { withTries } from "./request/tries.ts";

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
    case "account_new":
      return newAccount(asking, parts);
    case "account_signTransaction":
      return signTransaction(asking, request.args, parts);
    case "account_signData":
    case "account_signTypedData":
      return signMessage(asking, request.message, parts, (packed) => packed);
    case "account_signGnosisSafeTx": {
      // Before anything is hashed for each chain.
      parts.callers.checkAccount(asking.caller, request.args.account.address);
      const safeTx = toSafeTx(request.args, servedChains(parts.judgeSettings));
      return signMessage(asking, safeTx, parts, (packed) => safeTxResult(safeTx, packed));
    }
    case "account_signAuthorization": {
      const { message } = request;
      return signMessage(asking, message, parts, (_, signature) =>
        toAuthorizationWire(message, signature),
      );
    }
    case "account_ecRecover":
      return recoverSigner(request);
  }
}

async function signTransaction(
  asking: Asking,
  args: TransactionArgs,
  parts: HandleParts,
): Promise<SignTransactionResult> {
  parts.callers.checkAccount(asking.caller, args.from.address);
  // A window may not change the data, so what is known of it holds for every round.
  const known = await knownOf(args.data, parts);
  const needed = args.type === 4 ? { authorityOf: await loadAuthorityOf() } : {};
  const consider = (changed: TransactionArgs) =>
    considerTransaction(changed, asking, { ...parts, ...needed, ...known });
  const first = consider(await withBlobs(args, asking, parts, consider));
  return sign(asking, first, parts, {
    signs: "transaction",
    agree: (turn, unlocked) => agreeOnTransaction(first, turn, { unlocked, consider }),
    finish({ signing }, signature) {
      const result = resultOf(signing, signature);
      return { result, hash: result.tx.hash, notice: { kind: "signed", result } };
    },
  });
}

async function signMessage<R>(
  asking: Asking,
  message: Message,
  parts: HandleParts,
  toResult: (packed: Hex, signature: Signature) => R,
): Promise<R> {
  parts.callers.checkAccount(asking.caller, message.account.address);
  const data = message.tag === "safe-tx" ? message.args.data : undefined;
  const known = await knownOf(data, parts);
  const consider = () => considerMessage(message, asking, { ...parts, ...known });
  const first = consider();
  return sign(asking, first, parts, {
    signs: "data",
    agree: (turn, unlocked) => agreeOnMessage(first, turn, unlocked),
    again: consider,
    finish({ account, form }, signature) {
      const packed = packSignature(signature, form.firstV);
      const hash = hashOf(fromHex(packed));
      return {
        result: toResult(packed, signature),
        hash,
        notice: { kind: "signed-data", account },
      };
    },
  });
}

/** What is known of methods and accounts, for all rounds of one request. */
async function knownOf(data: Hex | undefined, { methods, labels }: HandleParts) {
  return { methodsOf: await methods.lookUp(data), labels: await labels.known() };
}

/** In what one kind of signature differs from another. */
interface Kind<C extends Considered, R> {
  readonly signs: Signs;
  /** Asks the window until it agrees to exactly this. */
  agree(turn: Turn, unlocked: Unlocked | undefined): Promise<Agreed<C>>;
  /** Considers it once more, where what was signed meanwhile matters. */
  again?(): Considered;
  /** What the caller gets, its hash for the ledger, and what the window is told. */
  finish(considered: C, signature: Signature): { result: R; hash: Hex; notice: Notice };
}

/**
 * Ask until the window agrees; look the account up, not before; decide; write the intent; sign;
 * write the outcome; only then tell anybody.
 */
async function sign<C extends Considered, R>(
  asking: Asking,
  { account, preimage, review }: C,
  parts: HandleParts,
  { signs, agree, again, finish }: Kind<C, R>,
): Promise<R> {
  const { callers, queue, vault, clock } = parts;
  const decision = queue.decider;
  const records = new Records(asking, { about: signs, account, review }, parts);

  // What is signed with which key, whatever the caller says around it.
  const about = `${account} ${fingerprintOf(preimage)}`;

  return askedTurn(asking, about, parts, (turn) =>
    records.closing(turn, async () => {
      const openings = new Openings(vault, account, nameOf(asking.caller.identity));
      const { considered, digest } = await agree(turn, openings.unlocked);
      records.agreed();
      await vault.find(account);
      // Each try is an approval, an intent and an outcome of its own.
      const attempt = async (number: number) => {
        const opening = await openings.next(turn, { account, signs, attempt: number });
        try {
          if ("password" in opening) callers.derivation(asking.caller, decision);
          const asked = { ...considered, requestId: records.request };
          const approved = decide(asked, { digest, decision }, { now: clock.elapsed() });
          if (again !== undefined) refuseNews(considered, again());
          await records.intent(considered, decision);
          return await vault.sign(approved, opening, turn.check);
        } finally {
          if ("password" in opening) opening.password.wipe();
        }
      };
      const signature = await withTries(decision, attempt, (wrong, triesLeft) =>
        records.tryAgain(wrong, triesLeft, turn),
      );
      // Who was locked out, or has gone, while it was made doesn't get it.
      turn.check();
      const { result, hash, notice } = finish(considered, signature);
      await records.outcome(hash);
      turn.tell(notice);
      return result;
    }),
  );
}
