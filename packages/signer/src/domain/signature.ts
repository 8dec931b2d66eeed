import type { Hex } from "@cleft/protocol/hex.ts";

/** A signature over a digest (RFC 6979, low s): `r` and `s` as 32 bytes each, the parity of R's y. */
export interface Signature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** The 65 bytes r, s, v as callers get them, v being 27 or 28. */
export function packSignature({ r, s, yParity }: Signature): Hex {
  return `0x${r.slice(2)}${s.slice(2)}${(27 + yParity).toString(16)}`;
}
