import type { Clock } from "../../domain/clock.ts";
import type { Failure, FailureCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { type Ending, failureOf, isGoodbye, mayRetry } from "./channel.ts";

/** What somebody said, not what happened. */
const noes: ReadonlySet<FailureCode> = new Set(["qrexec.denied", "qrexec.refused"]);

/** Time between a stream that couldn't be used and the next one: longer each time, up to a bound. */
export class Pause {
  private readonly clock: Clock;
  private readonly random: () => number;
  private failures = 0;
  private endsAt = 0;
  private denied: { readonly failure: Failure; readonly until: number } | undefined;
  private stop: (() => void) | undefined;

  constructor({ clock, random }: { clock: Clock; random: () => number }) {
    this.clock = clock;
    this.random = random;
  }

  /** dom0's no, or the signer's, as long as it is remembered: whoever asks again would ask a person again. */
  get denial(): Failure | undefined {
    if (this.denied !== undefined && this.clock.now() >= this.denied.until) this.denied = undefined;
    return this.denied?.failure;
  }

  get isOver(): boolean {
    return this.clock.now() >= this.endsAt;
  }

  /** Calls back at its end, once however often it is asked. */
  wait(callback: () => void): void {
    this.stop ??= this.clock.after(this.endsAt - this.clock.now(), () => {
      this.stop = undefined;
      callback();
    });
  }

  cancel(): void {
    this.stop?.();
    this.stop = undefined;
  }

  /** The signer moved: all is well. */
  reset(): void {
    this.failures = 0;
  }

  /** A stream failed. */
  after(ending: Ending): void {
    this.failures++;
    const { min, max } = limits.retryMs;
    const drawn = min + this.random() * (max - min);
    const longer = 2 ** Math.max(0, this.failures - limits.retriesMax);
    const now = this.clock.now();
    this.endsAt = now + Math.min(limits.backOffMsMax, drawn * longer);
    const failure = failureOf(ending);
    if (noes.has(failure.code)) this.denied = { failure, until: now + limits.deniedMs };
  }

  /** Whether those who wait, and sent nothing yet, may hope for the next stream. */
  mayGoOn(ending: Ending): boolean {
    return (mayRetry(ending) || isGoodbye(ending)) && this.failures <= limits.retriesMax;
  }
}
