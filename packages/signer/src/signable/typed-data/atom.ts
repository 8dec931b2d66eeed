import { fromHex, toHex } from "@cleft/protocol/hex.ts";
import { isArray, isObject, JsonNumber, type JsonValue } from "@cleft/protocol/json.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { checksummed, parseAddress, spellingAgainst } from "../../domain/address.ts";
import type { Atom } from "./field-type.ts";
import { parseInteger } from "./integer.ts";
import { goText, goType, mismatch, refuse } from "./refusal.ts";

/** A value as it is shown, all of it, and the 32 bytes that stand for it in its struct's hash. */
export interface EncodedAtom {
  readonly text: string;
  readonly word: Uint8Array;
  /** Bytes beyond the word that had to be hashed. */
  readonly bytes: number;
  /** An address whose capitals are no checksum of it (EIP-55). */
  readonly misspelled: boolean;
}

/** Where a value stands, for refusals: its type as written, and its path. */
export interface Place {
  readonly type: string;
  readonly path: string;
}

/** Parses a value of an atomic type and encodes it (EIP-712 encodeData). @throws Failure `data.refused` */
export function encodeAtom(
  atom: Atom,
  untrusted: JsonValue | undefined,
  place: Place,
): EncodedAtom {
  switch (atom.kind) {
    case "integer":
      return encodeInteger(atom, untrusted, place);
    case "bool":
      if (typeof untrusted === "boolean")
        return plain(String(untrusted), word(untrusted ? 1n : 0n));
      return refuse(`could not format value ${goText(untrusted)} as bool`, place.path);
    case "address":
      return encodeAddress(untrusted, place);
    case "fixed bytes": {
      const bytes = parseBytes(untrusted, place);
      if (bytes.length !== atom.size) mismatch(untrusted, place.type, place.path);
      const padded = new Uint8Array(32);
      padded.set(bytes);
      return plain(toHex(bytes), padded);
    }
    case "bytes": {
      const bytes = parseBytes(untrusted, place);
      return hashed(toHex(bytes), bytes);
    }
    case "string":
      // Half a surrogate has no bytes of its own: two texts would have one hash.
      if (typeof untrusted !== "string" || /\p{Surrogate}/u.test(untrusted)) {
        return mismatch(untrusted, place.type, place.path);
      }
      return hashed(untrusted, new TextEncoder().encode(untrusted));
  }
}

function encodeInteger(
  { signed, bits }: Extract<Atom, { kind: "integer" }>,
  untrusted: JsonValue | undefined,
  { type, path }: Place,
): EncodedAtom {
  const value = parseInteger(untrusted);
  if (value === undefined) return refuse(noInteger(untrusted, type), path);
  if (value < 0n && !signed) refuse(`invalid negative value for unsigned type ${type}`, path);
  const fits = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (fits !== value) refuse(`integer larger than '${type}'`, path);
  return plain(String(value), word(BigInt.asUintN(256, value)));
}

function noInteger(untrusted: JsonValue | undefined, type: string): string {
  if (untrusted instanceof JsonNumber)
    return `invalid float value ${goText(untrusted)} for type ${type}`;
  if (typeof untrusted === "string") {
    return `invalid hex or decimal integer "${goText(untrusted)}"`;
  }
  return `invalid integer value ${goText(untrusted)}/${goType(untrusted)} for type ${type}`;
}

/** Clef also takes one without 0x. */
function encodeAddress(untrusted: JsonValue | undefined, { type, path }: Place): EncodedAtom {
  if (typeof untrusted !== "string") return mismatch(untrusted, type, path);
  const text = /^0[xX]/.test(untrusted) ? untrusted : `0x${untrusted}`;
  const address = parseAddress(text);
  if (address === undefined) return mismatch(untrusted, type, path);
  const shown = checksummed(address);
  const misspelled = spellingAgainst(text, shown) === "wrong";
  return { ...plain(shown, word(BigInt(address))), misspelled };
}

function parseBytes(untrusted: JsonValue | undefined, { type, path }: Place): Uint8Array {
  if (isArray(untrusted) || isObject(untrusted)) return mismatch(untrusted, type, path);
  if (typeof untrusted !== "string" || !/^0[xX](?:[0-9a-fA-F]{2})*$/.test(untrusted)) {
    return mismatch(untrusted, type, path);
  }
  return fromHex(`0x${untrusted.slice(2)}`);
}

function word(value: bigint): Uint8Array {
  return fromHex(`0x${value.toString(16).padStart(64, "0")}`);
}

function plain(text: string, bytes: Uint8Array): EncodedAtom {
  return { text, word: bytes, bytes: 0, misspelled: false };
}

function hashed(text: string, bytes: Uint8Array): EncodedAtom {
  return { text, word: keccak_256(bytes), bytes: bytes.length, misspelled: false };
}
