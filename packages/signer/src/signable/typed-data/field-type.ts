import { limits } from "../../domain/limits.ts";

/** A type that has no parts (EIP-712: atomic types, and the two dynamic ones). */
export type Atom =
  | { readonly kind: "integer"; readonly signed: boolean; readonly bits: number }
  | { readonly kind: "bool" }
  | { readonly kind: "address" }
  | { readonly kind: "fixed bytes"; readonly size: number }
  | { readonly kind: "bytes" }
  | { readonly kind: "string" };

/** The type of a member; `text` is how it was written, which is what is hashed. */
export type FieldType =
  | { readonly kind: "atom"; readonly text: string; readonly atom: Atom }
  | { readonly kind: "struct"; readonly text: string }
  | {
      readonly kind: "array";
      readonly text: string;
      /** undefined for any number. */
      readonly length: number | undefined;
      readonly of: FieldType;
    };

/**
 * A name that can stand in the encoding of a type without looking like another one: brackets, commas
 * and spaces would let a message show one type and sign the hash of another. Some protocols separate
 * parts of a name by a colon.
 */
const structName = /^[A-Za-z_$][\w$:]*$/;
const memberName = /^[A-Za-z_$][\w$]*$/;

/** What is an atomic type, or would be one of another size: no name for a struct. */
const likeAtom = /^(?:bool|address|string|(?:u?int|u?fixed|bytes)[\dx]*)$/;

/** Whether a text can be the name of a struct. */
export function isStructName(text: string): boolean {
  return text.length <= limits.typedNameCharsMax && structName.test(text) && !likeAtom.test(text);
}

/** Whether a text can be the name of a member. */
export function isMemberName(text: string): boolean {
  return text.length <= limits.typedNameCharsMax && memberName.test(text);
}

/** Parses a member's type; undefined if it is none. Whether a struct exists isn't asked here. */
export function parseFieldType(text: string): FieldType | undefined {
  if (text.length > limits.typedTypeCharsMax) return undefined;
  const [, inner, length] = /^(.+)\[([1-9]\d{0,8})?\]$/.exec(text) ?? [];
  if (inner !== undefined) {
    const of = parseFieldType(inner);
    const count = length === undefined ? undefined : Number(length);
    return of && { kind: "array", text, length: count, of };
  }
  const atom = parseAtom(text);
  if (atom !== undefined) return { kind: "atom", text, atom };
  return structName.test(text) ? { kind: "struct", text } : undefined;
}

/** The struct or atom at the bottom of an array. */
export function elementOf(type: FieldType): Exclude<FieldType, { kind: "array" }> {
  return type.kind === "array" ? elementOf(type.of) : type;
}

function parseAtom(text: string): Atom | undefined {
  if (text === "bool" || text === "address" || text === "bytes" || text === "string") {
    return { kind: text };
  }
  const [, unsigned, bits] = /^(u?)int([1-9]\d{0,2})?$/.exec(text) ?? [];
  if (unsigned !== undefined) {
    const count = Number(bits ?? 256);
    if (count % 8 !== 0 || count > 256) return undefined;
    return { kind: "integer", signed: unsigned === "", bits: count };
  }
  const size = Number(/^bytes([1-9]\d?)$/.exec(text)?.[1] ?? 0);
  return size > 0 && size <= 32 ? { kind: "fixed bytes", size } : undefined;
}
