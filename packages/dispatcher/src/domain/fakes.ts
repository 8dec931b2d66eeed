import type { Clock } from "./clock.ts";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Map<
    object,
    { readonly at: number; readonly callback: () => void }
  >();

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const key = {};
    this.timers.set(key, { at: this.time + delayMs, callback });
    return () => this.timers.delete(key);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass; what is due is called in its order. */
  pass(delayMs: number): void {
    const end = this.time + delayMs;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end);
      const [first] = due.sort(([, one], [, other]) => one.at - other.at);
      if (first === undefined) break;
      const [key, { at, callback }] = first;
      this.timers.delete(key);
      this.time = at;
      callback();
    }
    this.time = end;
  }
}
