import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { addressOf } from "../../../packages/signer/src/domain/fakes.ts";
import { limits } from "../../../packages/signer/src/domain/limits.ts";

/** Typed data as a file has it. */
export interface Typed {
  readonly types: unknown;
  readonly primaryType: string;
  readonly domain?: unknown;
  readonly message?: unknown;
}

/** Whose signature is asked for; it is no part of what is hashed. */
export const account = { address: addressOf("a"), text: addressOf("a") };

/** A value as a client sends it: bytes as hex, large numbers in decimal. `isText`: JSON as it is. */
export function jsonOf(value: unknown, { isText = false } = {}): JsonValue {
  const plain = (_: string, item: unknown) => {
    if (typeof item !== "object" || item === null) return item;
    if ("$bytes" in item) return item.$bytes;
    return "$bigint" in item ? item.$bigint : item;
  };
  return parseJson(isText ? String(value) : JSON.stringify(value, plain), limits.json);
}

/** Hex of what a file marks as bytes, or of a text. */
export function bytesOf(value: unknown): string {
  return typeof value === "object" && value !== null && "$bytes" in value
    ? String(value.$bytes)
    : String(value);
}

const domainFields = [
  ["name", "string"],
  ["version", "string"],
  ["chainId", "uint256"],
  ["verifyingContract", "address"],
  ["salt", "bytes32"],
] as const;

/** With the type of the domain that ethers and viem make of its fields, if it has none. */
export function withDomainType(typed: Typed): Typed {
  const types: object = typeof typed.types === "object" && typed.types !== null ? typed.types : {};
  const domain: object =
    typeof typed.domain === "object" && typed.domain !== null ? typed.domain : {};
  if ("EIP712Domain" in types) return { ...typed, domain };
  const fields = domainFields.filter(([name]) => name in domain);
  const EIP712Domain = fields.map(([name, type]) => ({ name, type }));
  return { ...typed, domain, types: { ...types, EIP712Domain } };
}
