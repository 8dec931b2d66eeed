import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** Lets so many in at once as the signer serves; the others wait in their order. */
export class Turns {
  private readonly waiting = new Set<() => void>();
  private taken = 0;

  /** Waits for a turn and runs something in it. @throws Failure when too many wait, or by abort */
  async run<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    await this.turn(signal);
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
