import { unlessAborted } from "../domain/aborting.ts";
import type { Clock } from "../domain/clock.ts";
import type { Decider } from "../domain/decider.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Answers, Notice, Questions, Window } from "./window.ts";

/** The right to ask: one request's questions and notices, which belong together on a screen. */
export interface Turn {
  /** @throws Failure `request.expired`, `request.withdrawn`, `signer.draining`, `window.lost` */
  ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]>;
  tell(notice: Notice): void;
  /** Throws if nobody waits for the result any more; called right before the key is touched. */
  check(): void;
}

/**
 * Lets requests at the window. With a person behind it they take turns, first come, first
 * served; a program sees them all. Waiting for a turn counts as waiting for an answer.
 */
export class Queue {
  private readonly window: Window;
  private readonly clock: Clock;
  private readonly closing = new AbortController();
  private waiting = 0;
  /** When the question expires whose turn it is, ms since 1970. */
  private expiresAt: number | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(window: Window, { clock }: { clock: Clock }) {
    this.window = window;
    this.clock = clock;
  }

  /** Who answers. */
  get decider(): Decider {
    return this.window.answeredBy;
  }

  /**
   * Runs `hold` with a turn of its own. `withdrawn` ends its questions, with a Failure as reason.
   * @throws Failure `queue.full` at once when too many wait, and whatever `hold` throws.
   */
  async turn<T>(withdrawn: AbortSignal, hold: (turn: Turn) => Promise<T>): Promise<T> {
    if (this.waiting >= limits.questionsMax) {
      throw new Failure("queue.full", `${limits.questionsMax} questions wait already`);
    }
    const expired = new AbortController();
    const cancel = this.clock.after(limits.questionMs, () => expired.abort(expiry()));
    const signal = AbortSignal.any([withdrawn, expired.signal, this.closing.signal]);
    const expiresAt = this.clock.now() + limits.questionMs;
    this.count(+1);
    try {
      return await this.inOrder(signal, () =>
        this.shown(expiresAt, () => hold(this.turnUntil(signal))),
      );
    } finally {
      cancel();
      this.count(-1);
    }
  }

  /** Refuses everything that waits and whatever comes. */
  close(): void {
    this.closing.abort(new Failure("signer.draining", "the signer is shutting down"));
  }

  /** Tells the window something that belongs to no request. */
  tell(notice: Notice): void {
    this.window.tell(notice);
  }

  /** While `hold` runs, the window knows when its question expires. */
  private async shown<T>(expiresAt: number, hold: () => Promise<T>): Promise<T> {
    this.expiresAt = expiresAt;
    this.tellQueue();
    try {
      return await hold();
    } finally {
      this.expiresAt = undefined;
      this.tellQueue();
    }
  }

  private count(by: 1 | -1): void {
    this.waiting += by;
    this.tellQueue();
  }

  /** Only a person counts what waits; a program sees it. */
  private tellQueue(): void {
    const { waiting, expiresAt } = this;
    if (this.window.answeredBy === "person")
      this.window.tell({ kind: "queue", waiting, expiresAt });
  }

  private inOrder<T>(signal: AbortSignal, hold: () => Promise<T>): Promise<T> {
    if (this.window.answeredBy === "program") return hold();
    const before = this.last;
    const mine = unlessAborted(signal, before).then(hold);
    // Without its value: the chain would keep every result for ever.
    this.last = Promise.allSettled([before, mine]).then(() => undefined);
    return mine;
  }

  private turnUntil(signal: AbortSignal): Turn {
    return {
      ask: async (kind, question) => {
        signal.throwIfAborted();
        return unlessAborted(signal, this.window.ask[kind](question, signal));
      },
      tell: (notice) => this.window.tell(notice),
      check: () => signal.throwIfAborted(),
    };
  }
}

function expiry(): Failure {
  return new Failure("request.expired", `nobody answered within ${limits.questionMs / 1000} s`);
}
