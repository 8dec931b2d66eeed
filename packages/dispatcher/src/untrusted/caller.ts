import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { type ClaimsWire, claimOf } from "@cleft/protocol/clefq.ts";
import type { Clock } from "../domain/clock.ts";
import { limits } from "../domain/limits.ts";

/** What of a request tells who speaks. */
export interface Speaker {
  readonly headers: IncomingHttpHeaders;
  readonly socket: {
    readonly remoteAddress?: string | undefined;
    readonly remotePort?: number | undefined;
  };
}

/** What a caller says of itself. Whom it comes from by X-Forwarded-For, anybody can write. */
export function claimsOf({ socket, headers }: Speaker): ClaimsWire {
  return {
    origin: claimOf(headers.origin ?? ""),
    host: claimOf(headers.host ?? ""),
    userAgent: claimOf(headers["user-agent"] ?? ""),
    remote: claimOf(`${socket.remoteAddress}:${socket.remotePort}`),
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
    gone.abort();
  });
  return gone.signal;
}
