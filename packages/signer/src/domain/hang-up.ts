import type { Socket } from "node:net";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** Looks whether somebody still listens at the other end. */
export interface HangUpProbe {
  /** Looks at once. */
  now(): void;
  end(): void;
}

/**
 * Looks again and again: who isn't read from, or has closed the sending half, can hang up unheard. To
 * send nothing says it, because Linux refuses even that to a closed socket; `close` follows.
 */
export function probeHangUp(socket: Socket, clock: Clock): HangUpProbe {
  let cancel = () => {};
  const later = () => {
    cancel();
    cancel = clock.after(limits.halfOpenProbeMs, now);
  };
  const now = () => {
    if (socket.writable && socket.writableLength === 0) socket.write("");
    later();
  };
  later();
  return { now, end: () => cancel() };
}
