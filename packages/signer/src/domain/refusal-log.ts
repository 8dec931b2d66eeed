import type { Clock } from "./clock.ts";
import { limits } from "./limits.ts";
import type { Log, LogFields } from "./log.ts";

/**
 * Tells of what is refused, so many times of each caller in a while: whoever asks a thousand times a
 * second must not wash out what else stands in the log. How many more there were is told once.
 */
export class RefusalLog {
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly callers = new Map<string, { readonly since: number; told: number }>();

  constructor({ log, clock }: { log: Log; clock: Clock }) {
    this.log = log;
    this.clock = clock;
  }

  tell(caller: string, level: "info" | "warn", fields: LogFields): void {
    const now = this.clock.elapsed();
    this.endWhiles(now);
    const own = this.callers.get(caller) ?? { since: now, told: 0 };
    this.callers.set(caller, own);
    own.told++;
    // Also if nobody asks any more.
    if (own.told === limits.refusalLinesMax + 1) {
      this.clock.after(limits.refusalLinesMs, () => this.endWhiles(this.clock.elapsed()));
    }
    if (own.told <= limits.refusalLinesMax) this.log[level]("Refused", { caller, ...fields });
    if (own.told === limits.refusalLinesMax) {
      this.log.warn("More refusals of this caller are only counted for a while", { caller });
    }
  }

  private endWhiles(now: number): void {
    for (const [caller, { since, told }] of this.callers) {
      if (now - since < limits.refusalLinesMs) continue;
      this.callers.delete(caller);
      const more = told - limits.refusalLinesMax;
      if (more > 0) this.log.warn("Refusals were only counted", { caller, more });
    }
  }
}
