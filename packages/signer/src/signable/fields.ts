import type { Hex } from "@cleft/protocol/hex.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { type Address, parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { parseUint64, parseUint256, parseWei, type Uint64, type Wei } from "../domain/quantity.ts";

/** An address and how the caller wrote it, which windows show and which carries the checksum. */
export interface SpelledAddress {
  readonly address: Address;
  readonly text: string;
}

/** An address as a window is shown it: the caller's capitals behind a small x. */
export function prefixed({ text }: SpelledAddress): string {
  return `0x${text.slice(2)}`;
}

/** Refuses a field of an argument with the reason; Clef's code, own words. */
export function refuse(field: string, reason: string, argument = 0): never {
  throw new Failure(
    "params.invalid",
    `invalid argument ${argument}: field "${field.slice(0, limits.keyCharsMax)}": ${reason}`,
  );
}

/**
 * The names that aren't in the list. One that Go would take for a listed one, because it ignores
 * case as Unicode folds it, is refused: beside the right name it would carry a second value.
 */
export function unknownNames(
  object: JsonObject,
  known: readonly string[],
  { path, argument = 0 }: { readonly path?: string; readonly argument?: number } = {},
): readonly string[] {
  const folded = new Map(known.map((name) => [foldCase(name), name]));
  return [...object.keys()].filter((name) => {
    const meant = folded.get(foldCase(name));
    if (meant !== undefined && meant !== name) {
      const field = path === undefined ? name : `${path}.${name}`;
      refuse(field, `expected the name "${meant}"`, argument);
    }
    return meant === undefined;
  });
}

/** Upper case first: U+017F (long s) and U+212A (Kelvin) fold to ASCII letters. */
function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/** A value as a refusal names it. */
export function describe(value: JsonValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return `"${value.slice(0, 80)}"`;
  if (typeof value === "boolean") return String(value);
  if (isArray(value)) return "an array";
  return isObject(value) ? "an object" : "a number";
}

/** Fields of one JSON object, each parsed by name. Absent is undefined; null is a value. */
export class Fields {
  readonly object: JsonObject;
  private readonly path: string;

  /** `path` leads to an inner object, for the words of a refusal. */
  constructor(object: JsonObject, path = "") {
    this.object = object;
    this.path = path === "" ? "" : `${path}.`;
  }

  /** Refuses one of its fields. @throws Failure `params.invalid` */
  refuse(name: string, reason: string): never {
    return refuse(`${this.path}${name}`, reason);
  }

  /** A field that must be there. @throws Failure `params.invalid` */
  required<T>(name: string, value: T | undefined): T {
    return value ?? this.refuse(name, `missing required field '${name}'`);
  }

  parseAddress(name: string): SpelledAddress | undefined {
    return this.optional(name, (untrusted) => {
      const address = typeof untrusted === "string" ? parseAddress(untrusted) : undefined;
      if (typeof untrusted !== "string" || address === undefined) {
        return this.refuse(name, `expected "0x" and 40 hex digits, got ${describe(untrusted)}`);
      }
      return { address, text: untrusted };
    });
  }

  /** A quantity below 2^256; null is refused. */
  parseWei(name: string): Wei | undefined {
    return this.quantity(name, parseWei, 256);
  }

  /** A quantity below 2^64; null is refused. */
  parseUint64(name: string): Uint64 | undefined {
    return this.quantity(name, parseUint64, 64);
  }

  /** A quantity below 2^256 in which null means absent. */
  parseNullableWei(name: string): Wei | undefined {
    return this.object.get(name) === null ? undefined : this.parseWei(name);
  }

  parseChainId(name: string): bigint | undefined {
    return this.quantity(name, parseUint256, 256);
  }

  /** Bytes as hex, in which null means absent and `""` is as empty as `0x`. */
  parseData(name: string): Hex | undefined {
    if (this.object.get(name) === null) return undefined;
    return this.optional(name, (untrusted): Hex => {
      if (untrusted === "") return "0x";
      if (typeof untrusted === "string" && untrusted.length > 2 + 2 * limits.dataBytesMax) {
        return this.refuse(name, `expected at most ${limits.dataBytesMax} bytes`);
      }
      if (typeof untrusted !== "string" || !/^0[xX](?:[0-9a-fA-F]{2})*$/.test(untrusted)) {
        return this.refuse(name, `expected "0x" and an even number of hex digits`);
      }
      return `0x${untrusted.slice(2).toLowerCase()}`;
    });
  }

  /** A list of at most `max` items, in which null means absent; each is parsed with its path. */
  parseList<T>(
    name: string,
    max: number,
    parse: (untrusted: JsonValue, path: string) => T,
  ): readonly T[] | undefined {
    const untrusted = this.array(name);
    if (untrusted !== undefined && untrusted.length > max) {
      return this.refuse(name, `expected at most ${max} entries, got ${untrusted.length}`);
    }
    return untrusted?.map((item, at) => parse(item, `${this.path}${name}[${at}]`));
  }

  /** An array of anything, in which null means absent. */
  array(name: string): readonly JsonValue[] | undefined {
    if (this.object.get(name) === null) return undefined;
    return this.optional(name, (untrusted) => {
      if (isArray(untrusted)) return untrusted;
      return this.refuse(name, `expected an array, got ${describe(untrusted)}`);
    });
  }

  private optional<T>(name: string, parse: (untrusted: JsonValue) => T): T | undefined {
    const untrusted = this.object.get(name);
    return untrusted === undefined ? undefined : parse(untrusted);
  }

  private quantity<T>(
    name: string,
    parse: (untrusted: string) => T | undefined,
    bits: number,
  ): T | undefined {
    return this.optional(name, (untrusted) => {
      const value = typeof untrusted === "string" ? parse(untrusted) : undefined;
      if (value === undefined) {
        const wanted = `a hex quantity such as "0x5208" below 2^${bits}`;
        return this.refuse(name, `expected ${wanted}, got ${describe(untrusted)}`);
      }
      return value;
    });
  }
}
