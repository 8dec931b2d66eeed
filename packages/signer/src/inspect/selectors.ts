import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type AbiMethod, parseMethod, signatureOf } from "./abi/type.ts";

/**
 * Methods that are known without asking anybody. A caller's word for a method is a claim: it is
 * compared with the data and never learnt.
 */
const known = [
  "transfer(address,uint256)",
  "approve(address,uint256)",
  "transferFrom(address,address,uint256)",
];

const bySelector = new Map(
  known.map((signature) => [selectorOf(signature), parseMethod(signature)] as const),
);

/** The four bytes that call a method, as hex without `0x`. */
export function selectorOf(signature: string): string {
  return toHex(keccak_256(new TextEncoder().encode(signature)).subarray(0, 4)).slice(2);
}

/** The known method of a selector. */
export function methodOf(selector: string): AbiMethod | undefined {
  return bySelector.get(selector);
}

/** The selector of a method. */
export function selectorOfMethod(method: AbiMethod): string {
  return selectorOf(signatureOf(method));
}
