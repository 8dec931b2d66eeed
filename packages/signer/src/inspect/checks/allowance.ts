import type { Finding } from "../../domain/finding.ts";
import { signatureOf } from "../abi/type.ts";
import { type Calldata, type DecodedCall, formatValue } from "../calldata.ts";

/** More than any token has: whoever approves it means "all, for ever". */
const unlimitedFrom = 2n ** 128n;

/**
 * Warns where a call lets somebody spend a token without a limit (ERC-20 `approve`): no coin moves, so
 * nothing else on the screen looks dangerous.
 */
export function allowanceFindings(calldata: Calldata): Finding[] {
  return calldata.kind === "decoded" ? calldata.calls.flatMap(findingsOf) : [];
}

function findingsOf({ method, values }: DecodedCall): Finding[] {
  const [spender, amount] = values;
  if (signatureOf(method) !== "approve(address,uint256)") return [];
  if (spender === undefined || amount?.kind !== "number" || amount.value < unlimitedFrom) return [];
  const message = `this lets ${formatValue(spender)} spend ANY amount of your tokens of this contract`;
  return [{ severity: "warning", source: "cleft", message }];
}
