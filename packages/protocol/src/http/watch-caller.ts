import type { IncomingMessage, ServerResponse } from "node:http";
import { httpLimits } from "./limits.ts";

/** What calls back after so many ms unless it is cancelled. */
export interface Timer {
  after(delayMs: number, callback: () => void): () => void;
}

/**
 * A signal that tells when nobody waits for the answer any more, with `reason` as its reason. A closed
 * connection says so by itself. One whose sending half was closed may be either, so it is probed with
 * `102 Processing`, which a client has to ignore (RFC 2518) and a closed socket answers with a reset.
 */
export function watchCaller(
  { socket }: IncomingMessage,
  response: ServerResponse,
  { timer, reason }: { timer: Timer; reason: () => unknown },
): AbortSignal {
  const gone = new AbortController();
  let cancel = () => {};
  const probe = () => {
    if (!response.headersSent) response.writeProcessing();
    cancel = timer.after(httpLimits.halfOpenProbeMs, probe);
  };
  socket.once("end", probe);
  response.once("close", () => {
    socket.off("end", probe);
    cancel();
    // Whoever got all of the answer hasn't gone without it.
    if (!response.writableFinished) gone.abort(reason());
  });
  return gone.signal;
}
