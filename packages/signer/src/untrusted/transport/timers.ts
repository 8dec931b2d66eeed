import type { Clock } from "../../domain/clock.ts";

/** Timers by name, at most one of each. After `end` none is set any more: none outlives its owner. */
export class Timers<Name extends string> {
  private readonly clock: Clock;
  private readonly cancels = new Map<Name, () => void>();
  private ended = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Sets it anew. */
  set(name: Name, ms: number, callback: () => void): void {
    this.cancel(name);
    if (this.ended) return;
    const fire = () => {
      this.cancels.delete(name);
      callback();
    };
    this.cancels.set(name, this.clock.after(ms, fire));
  }

  /** Sets it unless it runs. */
  begin(name: Name, ms: number, callback: () => void): void {
    if (!this.cancels.has(name)) this.set(name, ms, callback);
  }

  cancel(name: Name): void {
    this.cancels.get(name)?.();
    this.cancels.delete(name);
  }

  end(): void {
    this.ended = true;
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }
}
