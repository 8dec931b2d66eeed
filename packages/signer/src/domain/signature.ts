import type { Hex } from "@cleft/protocol/hex.ts";

/** A signature over a digest (RFC 6979, low s): `r` and `s` as 32 bytes each, the parity of R's y. */
export interface Signature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** The 65 bytes r, s, v as callers get them; v counts from 27, or from 0 where Clef's does. */
export function packSignature({ r, s, yParity }: Signature, firstV: 0 | 27 = 27): Hex {
  const v = (firstV + yParity).toString(16).padStart(2, "0");
  return `0x${r.slice(2)}${s.slice(2)}${v}`;
}
