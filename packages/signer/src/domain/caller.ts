import { type Descriptor, isProfile, isQubeName } from "@cleft/protocol/descriptor.ts";
import type { MetaWire } from "@cleft/protocol/window.ts";

/**
 * Who the channel says is asking. It comes from the channel alone. `loopback` is any program on
 * this machine that can open a connection: the weakest identity there is. `socket` is any program
 * that the file system lets at a socket: those of this user, unless somebody widened its mode. `qube`
 * is what dom0 says of a qrexec call: the calling qube, and the argument that it may call with.
 */
export type CallerIdentity =
  | { readonly kind: "loopback"; readonly listener: string }
  | { readonly kind: "socket"; readonly name: string }
  | QubeIdentity;

export type QubeIdentity = { readonly kind: "qube" } & Descriptor;

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
  /** The colour of a qube, as the operator wrote it down. */
  readonly label?: QubeLabel;
}

/** The colours that dom0 gives to qubes. */
export const qubeLabels = [
  "red",
  "orange",
  "yellow",
  "green",
  "gray",
  "blue",
  "purple",
  "black",
] as const;
export type QubeLabel = (typeof qubeLabels)[number];

/** The identity in one word for logs, records and screens. */
export function nameOf(identity: CallerIdentity): string {
  switch (identity.kind) {
    case "loopback":
      return `loopback:${identity.listener}`;
    case "socket":
      return `socket:${identity.name}`;
    case "qube":
      return `qube:${callerKey(identity)}`;
  }
}

/** The names that a caller can have, for hints. */
export const callerNames = "loopback:http, socket:ipc, qube:NAME, qube:NAME+PROFILE";

/** Whether {@link nameOf} can ever give this name. */
export function isCallerName(text: string): boolean {
  if (text === "loopback:http" || text === "socket:ipc") return true;
  const [, qube = "", profile] = /^qube:([^+]+)(?:\+(.*))?$/.exec(text) ?? [];
  return isQubeName(qube) && (profile === undefined || isProfile(profile));
}

/** A qube and its profile as one word, e.g. `work` or `work+defi`: what rules are written for. */
export function callerKey({ qube, profile }: Pick<Descriptor, "qube" | "profile">): string {
  return profile === "" ? qube : `${qube}+${profile}`;
}

const schemes = { loopback: "http", socket: "ipc", qube: "qrexec" } as const;

/**
 * Who asks, as Clef writes it for windows and its log. All but `scheme` is the caller's claim, with a
 * qube also `remote` and `local`: those are dom0's, and the claims of an address have no place.
 */
export function metaOf({ identity, claims }: Caller): MetaWire {
  const isQube = identity.kind === "qube";
  return {
    remote: isQube ? callerKey(identity) : claims.remote,
    local: isQube ? identity.service : claims.host,
    scheme: schemes[identity.kind],
    "User-Agent": claims.userAgent,
    Origin: claims.origin,
  };
}
