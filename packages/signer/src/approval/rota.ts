import { unlessAborted } from "../domain/aborting.ts";

/**
 * One place that callers take in turns. Each caller has a line of its own, and the lines are served
 * one after another: whoever puts a hundred requests in front of others delays them by one.
 */
export class Rota {
  /** Those who wait, by caller. The caller who is next comes first. */
  private readonly lines = new Map<string, Set<() => void>>();
  /** The caller who has the place. */
  private holder: string | undefined;

  /** Runs `hold` alone once it is this caller's turn. @throws the signal's reason while it waits */
  async alone<T>(caller: string, signal: AbortSignal, hold: () => Promise<T>): Promise<T> {
    await this.enter(caller, signal);
    try {
      return await hold();
    } finally {
      this.next();
    }
  }

  private async enter(caller: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.holder === undefined) {
      this.holder = caller;
      return;
    }
    let called = false;
    let call = () => {};
    const turn = new Promise<void>((resolve) => {
      call = () => {
        called = true;
        resolve();
      };
    });
    this.wait(caller, call);
    try {
      await unlessAborted(signal, turn);
    } catch (reason) {
      // It may have been called in the very moment in which it was withdrawn.
      if (called) this.next();
      else this.leave(caller, call);
      throw reason;
    }
  }

  private wait(caller: string, call: () => void): void {
    const line = this.lines.get(caller) ?? new Set();
    line.add(call);
    this.lines.set(caller, line);
  }

  private leave(caller: string, call: () => void): void {
    const line = this.lines.get(caller);
    line?.delete(call);
    if (line?.size === 0) this.lines.delete(caller);
  }

  /** Calls the first one of the next line. The holder's own line goes behind all others. */
  private next(): void {
    const mine = this.lines.get(this.holder ?? "");
    if (this.holder !== undefined && mine !== undefined) {
      this.lines.delete(this.holder);
      this.lines.set(this.holder, mine);
    }
    const [[caller, line] = []] = this.lines;
    const [call] = line ?? [];
    this.holder = caller;
    if (caller === undefined || call === undefined) return;
    this.leave(caller, call);
    call();
  }
}
