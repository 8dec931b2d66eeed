import { unlessAborted } from "../domain/aborting.ts";
import { type Caller, nameOf } from "../domain/caller.ts";
import type { Clock } from "../domain/clock.ts";
import type { Decider } from "../domain/decider.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Rota } from "./rota.ts";
import type { Answers, Notice, Questions, Window } from "./window.ts";

/** The right to ask: one request's questions and notices, which belong together on a screen. */
export interface Turn {
  /** @throws Failure `request.expired`, `request.withdrawn`, `signer.draining`, `window.lost` */
  ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]>;
  tell(notice: Notice): void;
  /** Throws if nobody waits for the result any more; called right before the key is touched. */
  check(): void;
}

/** Who wants a turn, and until when. */
export interface Asker {
  readonly caller: Caller;
  /** Aborted with a Failure once the caller has gone. */
  readonly gone: AbortSignal;
}

/**
 * Lets requests at the window. With a person behind it they take turns, one caller after another;
 * a program sees them all. Waiting for a turn counts as waiting for an answer.
 *
 * A caller is whom the channel names (`nameOf`) and nothing weaker. A program that wants all places
 * opens as many connections as it likes and claims to be whom it likes, so neither counts; and one
 * connection may carry the requests of many honest users. Programs behind one identity (everything
 * that reaches loopback) can therefore crowd each other out, but never those behind another one.
 */
export class Queue {
  private readonly window: Window;
  private readonly clock: Clock;
  private readonly approvalMs: number;
  /** Ends each turn that is waiting or held. AbortSignal.any() of what lives as long as we do leaks. */
  private readonly turns = new Set<(reason: unknown) => void>();
  /** Why no turn begins: shutting down, or locked. */
  private closed: Failure | undefined;
  private locked: Failure | undefined;
  private readonly rota = new Rota();
  /** How many requests of each caller wait. */
  private readonly waiting = new Map<string, number>();
  /** When the question expires whose turn it is, ms since 1970. */
  private expiresAt: number | undefined;

  /** `approvalMs` is how long a question waits for its answer. */
  constructor(window: Window, { clock, approvalMs }: { clock: Clock; approvalMs: number }) {
    this.window = window;
    this.clock = clock;
    this.approvalMs = approvalMs;
  }

  /** Who answers. */
  get decider(): Decider {
    return this.window.answeredBy;
  }

  /**
   * Runs `hold` with a turn of its own, whose questions end when the caller goes.
   * @throws Failure `queue.full` at once when too many wait, and whatever `hold` throws.
   */
  async turn<T>({ caller, gone }: Asker, hold: (turn: Turn) => Promise<T>): Promise<T> {
    const name = nameOf(caller.identity);
    const refused = this.closed ?? this.locked;
    if (refused !== undefined) throw refused;
    this.takePlace(name);
    const ending = new AbortController();
    const end = (reason: unknown) => ending.abort(reason);
    const onGone = () => end(gone.reason);
    if (gone.aborted) onGone();
    gone.addEventListener("abort", onGone);
    this.turns.add(end);
    const cancel = this.clock.after(this.approvalMs, () => end(this.expiry()));
    const expiresAt = this.clock.now() + this.approvalMs;
    const { signal } = ending;
    try {
      const held = () => hold(this.turnUntil(signal));
      if (this.window.answeredBy === "program") return await held();
      return await this.rota.alone(name, signal, () => this.shown(expiresAt, held));
    } finally {
      cancel();
      gone.removeEventListener("abort", onGone);
      this.turns.delete(end);
      this.leavePlace(name);
    }
  }

  /** How many requests wait for the window, or hold it. */
  get size(): number {
    return [...this.waiting.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Refuses everything that waits, and whatever comes until {@link Queue.unlock}. The window is told
   * of both.
   */
  lock(reason: Failure): void {
    if (this.locked !== undefined) return;
    this.locked = reason;
    this.endAll(reason);
    this.window.tell({ kind: "lock", locked: true });
  }

  unlock(): void {
    if (this.locked === undefined) return;
    this.locked = undefined;
    this.window.tell({ kind: "lock", locked: false });
  }

  /** Refuses everything that waits and whatever comes. */
  close(): void {
    this.closed = new Failure("signer.draining", "the signer is shutting down");
    this.endAll(this.closed);
  }

  private endAll(reason: Failure): void {
    for (const end of [...this.turns]) end(reason);
  }

  /** Tells the window something that belongs to no request. */
  tell(notice: Notice): void {
    this.window.tell(notice);
  }

  /**
   * A caller may hold as many places as are free: one alone gets half of them, and whoever comes
   * next half of the rest. The last free place is only for a caller who has none.
   */
  private takePlace(name: string): void {
    const mine = this.waiting.get(name) ?? 0;
    const all = this.size;
    if (mine >= limits.questionsMax - all) {
      throw new Failure("queue.full", `${mine} questions of ${name} wait already, ${all} in all`);
    }
    this.waiting.set(name, mine + 1);
    this.tellQueue();
  }

  private leavePlace(name: string): void {
    const mine = this.waiting.get(name) ?? 0;
    if (mine > 1) this.waiting.set(name, mine - 1);
    else this.waiting.delete(name);
    this.tellQueue();
  }

  private expiry(): Failure {
    return new Failure("request.expired", `nobody answered within ${this.approvalMs / 1000} s`);
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

  /** Only a person counts what waits; a program sees it. */
  private tellQueue(): void {
    const { size: waiting, expiresAt } = this;
    if (this.window.answeredBy === "person") {
      this.window.tell({ kind: "queue", waiting, expiresAt });
    }
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
