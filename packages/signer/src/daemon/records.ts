import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import { fromHex, toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Turn } from "../approval/queue.ts";
import type { Address } from "../domain/address.ts";
import { nameOf } from "../domain/caller.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Decider } from "../ledger/record.ts";
import type { Asking } from "./asking.ts";
import type { Considered } from "./consider.ts";

/** Failures that a decision at the window made. The others are the log's: callers can cause them. */
const decided: ReadonlySet<FailureCode> = new Set([
  "request.denied",
  "request.expired",
  "window.amendment",
]);

/** What the ledger is told of one request. */
export class Records {
  private readonly ledger: Ledger;
  private readonly asked: { request: string; method: string; caller: string };
  private intended = false;

  constructor(ledger: Ledger, { id, method, caller }: Asking) {
    this.ledger = ledger;
    this.asked = { request: id, method, caller: nameOf(caller.identity) };
  }

  /** Runs what asks, and records a no. A no stays a no if it can't be recorded. */
  async refusalOf<T>(account: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Failure && decided.has(error.code)) {
        const refusal = { type: "refusal", account, failure: error.code } as const;
        await this.ledger.record({ ...this.asked, ...refusal }).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Before the key is touched. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async intent({ account, kind, facts, preimage }: Considered, decider: Decider): Promise<void> {
    await this.ledger.record({
      ...this.asked,
      type: "intent",
      account,
      kind,
      chainId: String(facts.chainId),
      nonce: String(facts.nonce),
      to: facts.to,
      valueWei: String(facts.valueWei),
      feeMaxWei: String(facts.feeMaxWei),
      preimage: toHex(keccak_256(fromHex(preimage))),
      decider,
    });
    this.intended = true;
  }

  /** Before the signature leaves. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async outcome({ tx }: SignTransactionResult): Promise<void> {
    const { request } = this.asked;
    // Also if this fails: the record may be there, and there is only one outcome.
    this.intended = false;
    await this.ledger.record({ type: "outcome", request, signed: tx.hash });
  }

  /**
   * Closes the intent of a request that failed and tells the window. A bug is passed on as it is:
   * its intent stays open, which is the truth.
   */
  async failure(error: unknown, turn: Turn): Promise<unknown> {
    if (!(error instanceof Failure)) return error;
    if (this.intended) {
      const { request } = this.asked;
      const outcome = { type: "outcome", request, signed: false, failure: error.code } as const;
      await this.ledger.record(outcome).catch(() => undefined);
    }
    turn.tell({ kind: "failed", text: error.message });
    return error;
  }

  /** Before the addresses leave. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async listing(accounts: readonly Address[]): Promise<void> {
    await this.ledger.record({ ...this.asked, type: "listing", accounts });
  }
}
