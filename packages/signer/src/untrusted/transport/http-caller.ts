import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/** Who asks: the listener knows nobody, the rest are claims. */
export function callerOf({ socket, headers }: IncomingMessage): Caller {
  const claim = (text: string | undefined) => (text ?? "").slice(0, limits.claimCharsMax);
  return {
    identity: { kind: "loopback", listener: "http" },
    claims: {
      remote: `${socket.remoteAddress}:${socket.remotePort}`,
      host: claim(headers.host),
      origin: claim(headers.origin),
      userAgent: claim(headers["user-agent"]),
    },
  };
}

/**
 * A signal that tells when nobody waits for the answer any more. A closed connection says so by
 * itself. One whose sending half was closed may be either, so it is probed with `102 Processing`,
 * which a client has to ignore (RFC 2518) and a closed socket answers with a reset.
 */
export function watchCaller(
  { socket }: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): AbortSignal {
  const gone = new AbortController();
  let cancel = () => {};
  const probe = () => {
    if (!response.headersSent) response.writeProcessing();
    cancel = clock.after(limits.halfOpenProbeMs, probe);
  };
  socket.once("end", probe);
  response.once("close", () => {
    socket.off("end", probe);
    cancel();
    gone.abort(new Failure("request.withdrawn", "the caller hung up"));
  });
  return gone.signal;
}
