import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import type { Turn } from "../../approval/queue.ts";
import type { About } from "../../approval/window.ts";
import type { Address } from "../../domain/address.ts";
import { nameOf } from "../../domain/caller.ts";
import type { Decider } from "../../domain/decider.ts";
import { Failure, type FailureCode, messageOf } from "../../domain/failure.ts";
import { hashOf } from "../../domain/hash.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { Review } from "../../domain/review.ts";
import { counted } from "../../domain/spoken.ts";
import type { Facts } from "../../inspect/facts.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Entry, RecordedFacts, RecordedReview } from "../../ledger/record.ts";
import type { Asking } from "./asking.ts";
import type { Considered } from "./consider.ts";

/** Noes that a decision at the window made. The others are the log's: callers can cause them. */
const noes: ReadonlySet<FailureCode> = new Set([
  "request.denied",
  "request.expired",
  "window.amendment",
  "window.answer",
  "window.url",
]);

/** What a request is about, and what its window is shown of it first, if it is a review. */
interface Subject {
  readonly about: About;
  readonly account: string;
  readonly review?: Review;
}

/** What the ledger is told of one request, and how far the request has come. */
export class Records {
  private readonly parts: { readonly ledger: Ledger; readonly log: Log };
  private asked: { request: string; method: string; caller: string; frame?: string };
  private readonly id: string;
  private readonly subject: Subject;
  private stage: "asked" | "agreed" | "intended" | "done" = "asked";
  private tries = 1;

  /** `account` is empty for a request that is about none. */
  constructor(
    { id, method, caller, frame }: Asking,
    subject: Subject,
    parts: { readonly ledger: Ledger; readonly log: Log },
  ) {
    this.parts = parts;
    this.id = id;
    this.subject = subject;
    this.asked = { request: id, method, caller: nameOf(caller.identity) };
    if (frame !== undefined) this.asked.frame = frame;
  }

  /** Under which id it is written down: each try at a password has one of its own. */
  get request(): string {
    return this.asked.request;
  }

  /**
   * Runs a request's turn at the window. If it fails, the record says so, and the window hears of
   * it. A bug is passed on as it is: its intent stays open, which is the truth.
   */
  async closing<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failure) await this.close(error, turn);
      throw error;
    }
  }

  /** The window said yes: from now on every end is recorded. */
  agreed(): void {
    this.stage = "agreed";
  }

  /**
   * Closes a try whose password was wrong; the next one is written down beside it, as `<id>/2`.
   * @throws Failure `ledger.unwritable`, `ledger.broken`
   */
  async tryAgain({ code, message }: Failure, triesLeft: number, turn: Turn): Promise<void> {
    const { request, ...asked } = this.asked;
    await this.parts.ledger.record({ type: "outcome", request, signed: false, failure: code });
    this.parts.log.warn("Not signed, asking again", { request, ...asked, code, reason: message });
    this.stage = "agreed";
    this.tries++;
    this.asked = { ...asked, request: `${this.id}/${this.tries}` };
    const left = counted(triesLeft, "try", "tries");
    turn.tell({ kind: "complaint", text: `wrong password, ${left} left` });
  }

  private async close({ code, message }: Failure, turn: Turn): Promise<void> {
    const { request } = this.asked;
    const { about, account, review } = this.subject;
    if (this.stage === "intended") {
      await this.attempt({ type: "outcome", request, signed: false, failure: code });
    } else if (this.stage === "agreed" || (this.stage === "asked" && noes.has(code))) {
      const seen = review === undefined ? {} : shownOf(review);
      await this.attempt({ ...this.asked, type: "refusal", account, ...seen, failure: code });
    }
    const agreed = this.stage !== "asked";
    turn.tell({ kind: "failed", about, code, text: message, agreed });
  }

  /** A no stays a no if it can't be recorded. */
  private async attempt(entry: Entry): Promise<void> {
    await this.parts.ledger.record(entry).catch((error: unknown) =>
      this.parts.log.error("An end could not be recorded", {
        request: this.asked.request,
        reason: messageOf(error),
      }),
    );
  }

  /** Before the key is touched. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async intent(
    { account, kind, facts, block, preimage, review }: Considered,
    decider: Decider,
  ): Promise<void> {
    await this.parts.ledger.record({
      ...this.asked,
      type: "intent",
      account,
      kind,
      ...(facts === undefined ? {} : recordedFacts(facts)),
      ...(block === undefined ? {} : { block: String(block) }),
      preimage: hashOf(fromHex(preimage)),
      decider,
      ...shownOf(review),
    });
    this.stage = "intended";
  }

  /** Before the signature leaves. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async outcome(signed: Hex): Promise<void> {
    const { request } = this.asked;
    // Also if this fails: the record may be there, and there is only one outcome.
    this.stage = "done";
    await this.parts.ledger.record({ type: "outcome", request, signed });
  }

  /** Before the addresses leave. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async listing(accounts: readonly Address[]): Promise<void> {
    await this.parts.ledger.record({ ...this.asked, type: "listing", accounts });
  }

  /** Before a new key's file is kept. @throws Failure `ledger.unwritable`, `ledger.broken` */
  async creation(account: Address, decider: Decider): Promise<void> {
    await this.parts.ledger.record({ ...this.asked, type: "creation", account, decider });
  }
}

/** As much of what was shown as tells later what was agreed to. */
function shownOf({ headline, fields, findings }: Review): RecordedReview {
  const cut = (text: string) => text.slice(0, limits.recordedTextCharsMax);
  const [call, ...values] = fields
    .filter(({ label }) => label === "call" || label.trim().startsWith("argument "))
    .map(({ value }) => value);
  const warnings = findings
    .filter(({ severity }) => severity !== "info")
    .slice(0, limits.recordedWarningsMax)
    .map(({ severity, message }) => cut(`${severity}: ${message}`));
  return {
    shown: cut(headline),
    ...(call === undefined ? {} : { call: cut([call, ...values].join(" ")) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function recordedFacts({ chainId, nonce, to, valueWei, feeMaxWei }: Facts): RecordedFacts {
  return {
    chainId: String(chainId),
    nonce: String(nonce),
    to,
    valueWei: String(valueWei),
    feeMaxWei: String(feeMaxWei),
  };
}
