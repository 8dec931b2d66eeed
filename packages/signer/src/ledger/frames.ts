import type { Clock } from "../domain/clock.ts";
import { limits } from "../domain/limits.ts";
import type { Entry, RecordHead } from "./record.ts";

/**
 * Of which frames there is an intent: a fold over the ledger's last minutes. A client that asks
 * again after a restart of the signer must not get a second signature.
 */
export class RecordedFrames {
  private readonly clock: Clock;
  /** When each was recorded, ms since 1970, the oldest first. */
  private readonly times = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Sees a record of the ledger when it is opened. */
  see({ type, fields }: RecordHead): void {
    const [caller, frame, at] = ["caller", "frame", "at"].map((name) => fields.get(name));
    if (!keyed.has(type) || typeof caller !== "string" || typeof frame !== "string") return;
    const time = Date.parse(String(at));
    // Of a clock that was set back nothing is known: what is to come is as new as anything.
    if (!(this.clock.now() - time > limits.framesRememberedMs))
      this.add(keyOf(caller, frame), time);
  }

  /** Sees an entry that is about to be recorded. If that fails it stays: better refused than twice. */
  follow(entry: Entry): void {
    if (entry.type !== "intent" && entry.type !== "creation") return;
    if (entry.frame !== undefined) this.add(keyOf(entry.caller, entry.frame), this.clock.now());
  }

  has(caller: string, frame: string): boolean {
    return this.times.has(keyOf(caller, frame));
  }

  private add(key: string, time: number): void {
    const oldest = this.clock.now() - limits.framesRememberedMs;
    for (const [old, at] of this.times) {
      if (at >= oldest) break;
      this.times.delete(old);
    }
    this.times.set(key, time);
  }
}

/** What touches a key. */
const keyed: ReadonlySet<string> = new Set<Entry["type"]>(["intent", "creation"]);

function keyOf(caller: string, frame: string): string {
  return `${caller} ${frame}`;
}
