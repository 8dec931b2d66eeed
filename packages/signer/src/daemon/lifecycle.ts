import { Failure } from "../domain/failure.ts";

/**
 * starting: nothing is served. locked: nothing that needs a key or a person. ready: everything.
 * draining: what is open is refused, then out.
 */
export type State = "starting" | "locked" | "ready" | "draining";

/** Why nothing is done while the signer is locked. */
export function locked(): Failure {
  return new Failure("signer.locked", "the signer is locked", { hint: "cleft unlock" });
}

/** The daemon's states, and the number under which approvals are valid. */
export class Lifecycle {
  private now: State = "starting";
  private count = 1;
  private readonly ending = new AbortController();

  get state(): State {
    return this.now;
  }

  /** Changes whenever what was approved before must not be signed any more. */
  get generation(): number {
    return this.count;
  }

  /** Aborted once the daemon has to go; its reason is a text. */
  get draining(): AbortSignal {
    return this.ending.signal;
  }

  /** From now on requests are served, unless it is already ending. */
  ready(): void {
    if (this.now === "starting") this.now = "ready";
  }

  /**
   * From now on nothing is signed; approvals that are not signed yet become void. A second lock
   * counts too: an unlock that began before it must not end it.
   */
  lock(): void {
    if (this.now !== "ready" && this.now !== "locked") return;
    this.now = "locked";
    this.count++;
  }

  /** Ends a lock. */
  unlock(): void {
    if (this.now === "locked") this.now = "ready";
  }

  /** Ends it, once; approvals that are not signed yet become void. */
  drain(reason: string): void {
    if (this.now === "draining") return;
    this.now = "draining";
    this.count++;
    this.ending.abort(reason);
  }
}
