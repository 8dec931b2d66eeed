import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** Lets so many in at once as the signer serves; the others wait in their order. */
export class Turns {
  private readonly waiting = new Set<() => void>();
  private readonly open = new Set<AbortController>();
  private taken = 0;
  private isClosed = false;

  /**
   * Waits for a turn and runs something in it, with a signal that is aborted by the caller's or when
   * this is closed.
   * @throws Failure when too many wait, when the caller hung up, or when this is closed
   */
  async run<T>(signal: AbortSignal, act: (either: AbortSignal) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new Failure("dispatcher.stopping");
    const either = new AbortController();
    const abort = () => either.abort();
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    this.open.add(either);
    let isBegun = false;
    try {
      await this.turn(either.signal);
      isBegun = true;
      return await this.inTurn(() => act(either.signal));
    } catch (error) {
      throw signal.aborted || !this.isClosed ? error : stopped(error, isBegun);
    } finally {
      this.open.delete(either);
      signal.removeEventListener("abort", abort);
    }
  }

  /** Aborts all that run, whose outcome nobody knows then, and lets nobody wait. */
  close(): void {
    this.isClosed = true;
    for (const either of this.open) either.abort();
  }

  private async inTurn<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } finally {
      this.taken--;
      this.next();
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Failure("request.withdrawn");
    if (this.waiting.size >= limits.waitingMax) throw new Failure("queue.full");
    return new Promise((resolve, reject) => {
      const begin = () => {
        this.waiting.delete(begin);
        this.taken++;
        resolve();
      };
      this.waiting.add(begin);
      signal.addEventListener("abort", () => {
        if (this.waiting.delete(begin)) reject(new Failure("request.withdrawn"));
      });
      this.next();
    });
  }

  private next(): void {
    const [begin] = this.waiting;
    if (this.taken < limits.inflightMax) begin?.();
  }
}

/** It was this dispatcher that hung up, and not the caller. */
function stopped(error: unknown, isBegun: boolean): unknown {
  if (!(error instanceof Failure) || error.code !== "request.withdrawn") return error;
  return new Failure(isBegun ? "outcome.unknown" : "dispatcher.stopping");
}
