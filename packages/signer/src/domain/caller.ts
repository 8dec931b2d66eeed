import type { MetaWire } from "@cleft/protocol/window.ts";

/**
 * Who the channel says is asking. It comes from the channel alone. `loopback` is any program on
 * this machine that can open a connection: the weakest identity there is. `socket` is any program
 * that the file system lets at a socket: those of this user, unless somebody widened its mode.
 */
export type CallerIdentity =
  | { readonly kind: "loopback"; readonly listener: string }
  | { readonly kind: "socket"; readonly name: string };

/** What the other side says of itself: shown as a claim, never widens a decision. */
export interface CallerClaims {
  readonly remote: string;
  readonly host: string;
  readonly origin: string;
  readonly userAgent: string;
}

export interface Caller {
  readonly identity: CallerIdentity;
  readonly claims: CallerClaims;
}

/** The identity in one word for logs, records and screens. */
export function nameOf(identity: CallerIdentity): string {
  switch (identity.kind) {
    case "loopback":
      return `loopback:${identity.listener}`;
    case "socket":
      return `socket:${identity.name}`;
  }
}

const schemes = { loopback: "http", socket: "ipc" } as const;

/** Who asks, as Clef writes it for windows and its log: all but `scheme` is the caller's claim. */
export function metaOf({ identity, claims }: Caller): MetaWire {
  return {
    remote: claims.remote,
    local: claims.host,
    scheme: schemes[identity.kind],
    "User-Agent": claims.userAgent,
    Origin: claims.origin,
  };
}
