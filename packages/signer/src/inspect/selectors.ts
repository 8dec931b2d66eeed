import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type AbiMethod, parseMethod, signatureOf } from "./abi/type.ts";

/**
 * Methods of standard tokens, known also without the file of methods. A caller's word for a method
 * is a claim: it is compared with the data and never learnt.
 */
const builtIn = [
  "transfer(address,uint256)",
  "approve(address,uint256)",
  "transferFrom(address,address,uint256)",
];

/**
 * Who named a method: `standard`, one of ours; `selector`, found in the file by four bytes, which
 * many methods share; `caller`, a claim.
 */
export type MethodSource = "standard" | "selector" | "caller";

/** A method that a call may be of. */
export interface KnownMethod {
  readonly method: AbiMethod;
  readonly source: MethodSource;
}

/** The methods that a selector, hex without `0x`, is known to call. Any of them may be meant. */
export type MethodsOf = (selector: string) => readonly KnownMethod[];

const bySelector = new Map(
  builtIn.map((signature) => [selectorOf(signature), parseMethod(signature)] as const),
);

/** Only what is known without the file. */
export const standardMethodsOf: MethodsOf = (selector) => {
  const method = bySelector.get(selector);
  return method === undefined ? [] : [{ method, source: "standard" }];
};

/**
 * Adds those of some signatures that really have the selector: each is hashed, so that a file that
 * is damaged can leave a method out, but never give a call another's name. Pure.
 */
export function methodsAmong(signatures: readonly string[]): MethodsOf {
  return (selector) => {
    const standard = standardMethodsOf(selector);
    const names = new Set(standard.map(({ method }) => signatureOf(method)));
    const found = signatures.flatMap((signature): KnownMethod[] => {
      if (names.has(signature) || selectorOf(signature) !== selector) return [];
      const method = parseMethod(signature);
      return method === undefined ? [] : [{ method, source: "selector" }];
    });
    return [...standard, ...found];
  };
}

/** The four bytes that call a method, as hex without `0x`. */
export function selectorOf(signature: string): string {
  return toHex(keccak_256(new TextEncoder().encode(signature)).subarray(0, 4)).slice(2);
}

/** The selector of a method. */
export function selectorOfMethod(method: AbiMethod): string {
  return selectorOf(signatureOf(method));
}
