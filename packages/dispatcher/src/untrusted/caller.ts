import type { IncomingHttpHeaders } from "node:http";
import { type ClaimsWire, claimOf } from "@cleft/protocol/clefq/claims.ts";

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
