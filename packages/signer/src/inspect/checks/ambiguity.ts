import type { Finding } from "../../domain/finding.ts";
import { signatureOf } from "../abi/type.ts";
import type { Calldata } from "../calldata.ts";

/**
 * Warns of data that is exactly the call of several methods: the four bytes in front are the same,
 * and only the contract's code can tell which of them it has.
 */
export function ambiguityFindings(calldata: Calldata): Finding[] {
  if (calldata.kind !== "decoded" || calldata.calls.length === 1) return [];
  const names = calldata.calls.map(({ method }) => signatureOf(method)).join(" or ");
  const message = `the data fits more than one method, and which one is called can't be told: ${names}`;
  return [{ severity: "warning", source: "cleft", message }];
}
