import type { Writable } from "node:stream";
import type { Clock } from "./clock.ts";
import { limits } from "./limits.ts";

/** Looks whether somebody still listens at the other end. */
export interface HangUpProbe {
  /** Looks at once. */
  now(): void;
  end(): void;
}

/**
 * Looks again and again: who isn't read from, or has closed the sending half, can hang up unheard. To
 * send nothing says it, because Linux refuses even that to a closed socket; `error` and `close` follow.
 */
export function probeHangUp(output: Writable, clock: Pick<Clock, "after">): HangUpProbe {
  let cancel = () => {};
  const later = () => {
    cancel();
    cancel = clock.after(limits.halfOpenProbeMs, now);
  };
  const now = () => {
    if (output.writable && output.writableLength === 0) output.write("");
    later();
  };
  later();
  return { now, end: () => cancel() };
}
