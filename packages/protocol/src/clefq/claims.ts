import { clefqLimits } from "./limits.ts";

/** What a client says of who asked it. Printable ASCII; see {@link claimOf}. */
export interface ClaimsWire {
  readonly origin: string;
  readonly host: string;
  readonly userAgent: string;
  readonly remote: string;
}

/**
 * A stranger's text as a claim: what isn't printable ASCII, and the backslash, is escaped, so that
 * no two texts look alike; what is too long is cut and ends with `...`.
 */
export function claimOf(untrusted: string): string {
  const escaped = untrusted
    .slice(0, clefqLimits.claimCharsMax + 1)
    .replace(/[^ -[\]-~]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (escaped.length <= clefqLimits.claimCharsMax) return escaped;
  return `${escaped.slice(0, clefqLimits.claimCharsMax - 3)}...`;
}
