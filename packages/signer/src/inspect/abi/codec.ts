import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { decodeLossy } from "@cleft/protocol/utf8.ts";
import { limits } from "../../domain/limits.ts";
import { type AbiType, headBytes, isDynamic } from "./type.ts";

/** A decoded value. */
export type AbiValue =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "address"; readonly value: Hex }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "string"; readonly value: string; readonly bytes: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly AbiValue[] };

/** Data that is no encoding of the types; the message is Clef's where scripts may match it. */
export class AbiError extends Error {}

/**
 * Decodes arguments as a contract does: padding and order of what stands behind are free. Whether it
 * is the one canonical encoding, {@link encodeArguments} tells.
 * @throws AbiError
 */
export function decodeArguments(types: readonly AbiType[], data: Uint8Array): AbiValue[] {
  // Offsets may point anywhere, also all to one place: that must not multiply the work.
  const valuesMax = Math.min(limits.abiValuesMax, 16 + 2 * Math.ceil(data.length / 32));
  const reader = new Reader(data, valuesMax);
  return reader.sequence(types, 0);
}

class Reader {
  private readonly data: Uint8Array;
  private readonly valuesMax: number;
  private values = 0;
  private contentBytes = 0;

  constructor(data: Uint8Array, valuesMax: number) {
    this.data = data;
    this.valuesMax = valuesMax;
  }

  /** Values one behind the other from `base`, which offsets count from. */
  sequence(types: readonly AbiType[], base: number): AbiValue[] {
    let at = base;
    return types.map((type) => {
      const value = isDynamic(type) ? this.value(type, base + this.size(at)) : this.value(type, at);
      at += headBytes(type);
      return value;
    });
  }

  private value(type: AbiType, at: number): AbiValue {
    if (++this.values > this.valuesMax) throw new AbiError("abi: too many values");
    switch (type.kind) {
      case "uint":
        return { kind: "number", value: this.number(at, type.bits) };
      case "int":
        return { kind: "number", value: BigInt.asIntN(type.bits, this.number(at, 256)) };
      case "address":
        return { kind: "address", value: toHex(this.word(at).subarray(12)) };
      case "bool":
        return { kind: "bool", value: this.bool(at) };
      case "fixed-bytes":
        return { kind: "bytes", value: this.word(at).subarray(0, type.size) };
      case "bytes":
        return { kind: "bytes", value: this.bytes(at) };
      case "string":
        return text(this.bytes(at));
      case "tuple":
        return { kind: "list", items: this.sequence(type.items, at) };
      case "array": {
        const start = type.length === "dynamic" ? at + 32 : at;
        const length = type.length === "dynamic" ? this.size(at) : type.length;
        if (length > this.valuesMax) throw short(this.data.length, start + 32 * length);
        return { kind: "list", items: this.sequence(Array(length).fill(type.of), start) };
      }
    }
  }

  private word(at: number): Uint8Array {
    if (at + 32 > this.data.length) throw short(this.data.length, at + 32);
    return this.data.subarray(at, at + 32);
  }

  private number(at: number, bits: number): bigint {
    const value = BigInt(toHex(this.word(at)));
    if (value >> BigInt(bits) !== 0n)
      throw new AbiError(`abi: improperly encoded uint${bits} value`);
    return value;
  }

  private bool(at: number): boolean {
    const value = BigInt(toHex(this.word(at)));
    if (value > 1n) throw new AbiError("abi: improperly encoded boolean value");
    return value === 1n;
  }

  /** An offset or a length: within the data, or it is refused. */
  private size(at: number): number {
    const value = BigInt(toHex(this.word(at)));
    if (value > BigInt(this.data.length)) {
      throw new AbiError(`abi: offset or length ${value} is beyond the data`);
    }
    return Number(value);
  }

  private bytes(at: number): Uint8Array {
    const length = this.size(at);
    const start = at + 32;
    if (start + length > this.data.length) throw short(this.data.length, start + length);
    // Many offsets may point to one long place, which would be read as many times.
    this.contentBytes += length;
    if (this.contentBytes > this.data.length) throw new AbiError("abi: one place is used twice");
    return this.data.subarray(start, start + length);
  }
}

function text(bytes: Uint8Array): AbiValue {
  return { kind: "string", value: decodeLossy(bytes), bytes };
}

function short(have: number, need: number): AbiError {
  return new AbiError(
    `abi: cannot marshal in to go type: length insufficient ${have} require ${need}`,
  );
}

/** Encodes values as they were decoded, in the one canonical form. */
export function encodeArguments(
  types: readonly AbiType[],
  values: readonly AbiValue[],
): Uint8Array {
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let offset = types.reduce((sum, type) => sum + headBytes(type), 0);
  for (const [at, type] of types.entries()) {
    const value = values[at];
    if (value === undefined) throw new AbiError("abi: a value is missing");
    const encoded = encodeValue(type, value);
    heads.push(isDynamic(type) ? number(BigInt(offset)) : encoded);
    if (!isDynamic(type)) continue;
    tails.push(encoded);
    offset += encoded.length;
  }
  return Buffer.concat([...heads, ...tails]);
}

function encodeValue(type: AbiType, value: AbiValue): Uint8Array {
  switch (value.kind) {
    case "number":
      return number(value.value);
    case "bool":
      return number(value.value ? 1n : 0n);
    case "address":
      return number(BigInt(value.value));
    case "bytes":
      return type.kind === "fixed-bytes" ? padded(value.value) : withLength(value.value);
    case "string":
      return withLength(value.bytes);
    case "list":
      return encodeList(type, value.items);
  }
}

function encodeList(type: AbiType, items: readonly AbiValue[]): Uint8Array {
  if (type.kind === "tuple") return encodeArguments(type.items, items);
  if (type.kind !== "array") throw new AbiError("abi: a list for a type that is none");
  const body = encodeArguments(Array(items.length).fill(type.of), items);
  if (type.length !== "dynamic") return body;
  return Buffer.concat([number(BigInt(items.length)), body]);
}

function withLength(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([number(BigInt(bytes.length)), padded(bytes)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(32 * Math.ceil(bytes.length / 32));
  whole.set(bytes);
  return whole;
}

function number(value: bigint): Uint8Array {
  return Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
}
