import { cleftFinding, type Finding } from "../../domain/finding.ts";
import { limits } from "../../domain/limits.ts";
import { signatureOf } from "../abi/type.ts";
import type { Calldata } from "../calldata.ts";
import { argumentFields } from "../payment.ts";

/** Warns of calls that a person can't know from what is shown, although they could be taken apart. */
export function unclearFindings(calldata: Calldata): Finding[] {
  if (calldata.kind !== "decoded") return [];
  return [...ambiguityFindings(calldata.calls), ...lengthFindings(calldata.calls)];
}

type Calls = Extract<Calldata, { kind: "decoded" }>["calls"];

/**
 * Data that is exactly the call of several methods: the four bytes in front are the same, and only
 * the contract's code can tell which of them it has.
 */
function ambiguityFindings(calls: Calls): Finding[] {
  if (calls.length === 1) return [];
  const names = calls.map(({ method }) => signatureOf(method)).join(" or ");
  return [
    cleftFinding(
      "warning",
      `the data fits more than one method, and which one is called can't be told: ${names}`,
    ),
  ];
}

function lengthFindings(calls: Calls): Finding[] {
  const isLong = calls.some((call) => argumentFields(call).length > limits.shownTextLines);
  return isLong
    ? [cleftFinding("warning", "the call is too long to be shown whole: you would sign blind")]
    : [];
}
