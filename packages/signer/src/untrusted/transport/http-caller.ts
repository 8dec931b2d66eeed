import type { IncomingMessage } from "node:http";
import type { Caller } from "../../domain/caller.ts";
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
