import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** The keccak-256 of bytes, as Ethereum writes it. */
export function hashOf(bytes: Uint8Array): Hex {
  return toHex(keccak_256(bytes));
}
