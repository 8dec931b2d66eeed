import { limits } from "../../domain/limits.ts";

/** A type of the contract ABI. */
export type AbiType =
  | { readonly kind: "uint" | "int"; readonly bits: number }
  | { readonly kind: "address" | "bool" | "bytes" | "string" }
  | { readonly kind: "fixed-bytes"; readonly size: number }
  | { readonly kind: "array"; readonly of: AbiType; readonly length: number | "dynamic" }
  | { readonly kind: "tuple"; readonly items: readonly AbiType[] };

/** A method as it is called: its name and the types of its arguments. */
export interface AbiMethod {
  readonly name: string;
  readonly types: readonly AbiType[];
}

/** Parses `name(type,…)`; undefined if it is none. Tuples are written as `(type,…)`. */
export function parseMethod(untrusted: string): AbiMethod | undefined {
  if (untrusted.length > limits.signatureCharsMax) return undefined;
  const [, name, list] = /^([A-Za-z_$][\w$]*)(\(.*\))$/.exec(untrusted) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const type = parseType(list, 0);
  return type?.kind === "tuple" ? { name, types: type.items } : undefined;
}

/** The signature in its one canonical form, whose hash is the selector. */
export function signatureOf({ name, types }: AbiMethod): string {
  return `${name}(${types.map(nameOfType).join(",")})`;
}

/** A type as Solidity writes it. */
export function nameOfType(type: AbiType): string {
  switch (type.kind) {
    case "uint":
    case "int":
      return `${type.kind}${type.bits}`;
    case "fixed-bytes":
      return `bytes${type.size}`;
    case "array":
      return `${nameOfType(type.of)}[${type.length === "dynamic" ? "" : type.length}]`;
    case "tuple":
      return `(${type.items.map(nameOfType).join(",")})`;
    case "address":
    case "bool":
    case "bytes":
    case "string":
      return type.kind;
  }
}

/** Whether a value stands behind the others, with an offset in its place. */
export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case "bytes":
    case "string":
      return true;
    case "array":
      return type.length === "dynamic" || isDynamic(type.of);
    case "tuple":
      return type.items.some(isDynamic);
    case "uint":
    case "int":
    case "address":
    case "bool":
    case "fixed-bytes":
      return false;
  }
}

/** Bytes that a value takes in its place: 32 for an offset. */
export function headBytes(type: AbiType): number {
  if (isDynamic(type)) return 32;
  if (type.kind === "array") return Number(type.length) * headBytes(type.of);
  if (type.kind === "tuple") return type.items.reduce((sum, item) => sum + headBytes(item), 0);
  return 32;
}

function parseType(text: string, depth: number): AbiType | undefined {
  if (depth > limits.abiDepthMax) return undefined;
  const array = /^(.+)\[(\d{0,4})\]$/s.exec(text);
  if (array?.[1] !== undefined) {
    const of = parseType(array[1], depth + 1);
    const length = array[2] === "" ? "dynamic" : Number(array[2]);
    return of === undefined || length === 0 ? undefined : { kind: "array", of, length };
  }
  if (text.startsWith("(")) return parseTuple(text, depth);
  return parseElementary(text);
}

function parseTuple(text: string, depth: number): AbiType | undefined {
  if (!text.endsWith(")")) return undefined;
  const items = splitList(text.slice(1, -1))?.map((item) => parseType(item, depth + 1));
  if (items === undefined || !items.every((item) => item !== undefined)) return undefined;
  return { kind: "tuple", items };
}

/** Splits at commas that are in no inner parentheses; undefined if those don't match. */
function splitList(text: string): string[] | undefined {
  if (text === "") return [];
  const items: string[] = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")" && --depth < 0) return undefined;
    if (char === "," && depth === 0) items.push("");
    else items[items.length - 1] += char;
  }
  return depth === 0 ? items : undefined;
}

function parseElementary(text: string): AbiType | undefined {
  const [, kind, digits] = /^(uint|int|bytes|address|bool|string)([1-9]\d{0,2})?$/.exec(text) ?? [];
  const size = digits === undefined ? undefined : Number(digits);
  switch (kind) {
    case "uint":
    case "int": {
      const bits = size ?? 256;
      return bits % 8 === 0 && bits <= 256 ? { kind, bits } : undefined;
    }
    case "bytes":
      if (size === undefined) return { kind };
      return size <= 32 ? { kind: "fixed-bytes", size } : undefined;
    case "address":
    case "bool":
    case "string":
      return size === undefined ? { kind } : undefined;
    default:
      return undefined;
  }
}
