import type { Finding } from "../../domain/finding.ts";
import { signatureOf } from "../abi/type.ts";
import type { Calldata, DecodedCall } from "../calldata.ts";
import { delegatecallFinding } from "./delegatecall.ts";

/** Whether it is more than any token has: whoever approves it means "all, for ever". */
export function isUnlimited(amount: bigint): boolean {
  return amount >= 2n ** 128n;
}

/** DAI's, whose allowances have no amount. */
const daiPermit = "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)";

/** How a Safe is told to do what its owners have approved. */
const safeCall =
  "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)";

/** Calls that let somebody spend tokens: which argument says who, which one how much. */
const allowances: Readonly<Record<string, { readonly spender: number; readonly amount: number }>> =
  {
    "approve(address,uint256)": { spender: 0, amount: 1 },
    "increaseAllowance(address,uint256)": { spender: 0, amount: 1 },
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)": { spender: 1, amount: 2 },
    // Permit2's.
    "approve(address,address,uint160,uint48)": { spender: 1, amount: 2 },
  };

/**
 * Finds where a call lets somebody spend a token without a limit (ERC-20, Permit2), or all tokens of
 * a collection (ERC-721): no coin moves, so nothing else on the screen looks dangerous.
 */
export function allowanceFindings(calldata: Calldata): Finding[] {
  return calldata.kind === "decoded" ? calldata.calls.flatMap(findingsOf) : [];
}

function findingsOf({ method, values, texts }: DecodedCall): Finding[] {
  const signature = signatureOf(method);
  if (signature === "setApprovalForAll(address,bool)" && texts[1] === "true") {
    return [critical(`this lets ${texts[0]} take ALL your tokens of this contract`)];
  }
  if (signature === daiPermit && texts[4] === "true") {
    return [critical(`this lets ${texts[1]} spend ANY amount of your tokens of this contract`)];
  }
  if (signature === safeCall && texts[3] !== "0") return [delegatecallFinding];
  const allowance = Object.hasOwn(allowances, signature) ? allowances[signature] : undefined;
  if (allowance === undefined) return [];
  const amount = values[allowance.amount];
  if (amount?.kind !== "number" || !isUnlimited(amount.value)) return [];
  const spender = texts[allowance.spender];
  return [critical(`this lets ${spender} spend ANY amount of your tokens of this contract`)];
}

function critical(message: string): Finding {
  return { severity: "critical", source: "cleft", message };
}
