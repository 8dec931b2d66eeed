import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";

declare const brand: unique symbol;

/** Twenty bytes as `0x` and 40 lower-case digits. Only this module makes one. */
export type Address = `0x${string}` & { readonly [brand]: "Address" };

/** How the caller wrote an address: only mixed case carries a checksum (EIP-55). */
export type Spelling = "checksummed" | "unchecksummed" | "wrong";

const pattern = /^0[xX][0-9a-fA-F]{40}$/;

/** Parses 40 hex digits behind `0x`, in any case; undefined for anything else. */
export function parseAddress(untrusted: string): Address | undefined {
  if (!pattern.test(untrusted)) return undefined;
  return `0x${untrusted.slice(2).toLowerCase()}` as Address;
}

/** The address of an uncompressed public key (65 bytes, 04 first). */
export function addressOfPublicKey(publicKey: Uint8Array): Address {
  return toHex(keccak_256(publicKey.subarray(1)).subarray(12)) as Address;
}

/** The form with a checksum in its capitals (EIP-55). */
export function checksummed(address: Address): string {
  const digits = address.slice(2);
  const hash = keccak_256(new TextEncoder().encode(digits));
  let text = "0x";
  for (let at = 0; at < digits.length; at++) {
    const nibble = (hash[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0);
    const digit = digits.charAt(at);
    text += (nibble & 8) === 0 ? digit : digit.toUpperCase();
  }
  return text;
}

/** Judges the capitals of a text that {@link parseAddress} accepts as `address`. */
export function spellingOf(text: string, address: Address): Spelling {
  return spellingAgainst(text, checksummed(address));
}

/** The same, for who has the checksummed form at hand: it costs a hash. */
export function spellingAgainst(text: string, right: string): Spelling {
  if (text === right) return "checksummed";
  const digits = text.slice(2);
  const uniform = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  return uniform ? "unchecksummed" : "wrong";
}

/** The zero address: nobody holds its key. */
export const zeroAddress = `0x${"0".repeat(40)}` as Address;
