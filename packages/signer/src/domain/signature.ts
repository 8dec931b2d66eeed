import type { Hex } from "@cleft/protocol/hex.ts";

/** A signature over a digest (RFC 6979, low s): `r` and `s` as 32 bytes each, the parity of R's y. */
export interface Signature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}
