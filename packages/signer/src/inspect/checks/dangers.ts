import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { parseAddress } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { cleftFinding, type Finding, severityLabels } from "../../domain/finding.ts";
import { AbiError, type AbiValue, decodeArguments } from "../abi/codec.ts";
import { type AbiMethod, parseMethod } from "../abi/type.ts";
import { formatValue } from "../calldata.ts";
import { selectorOf } from "../selectors.ts";

/** What the `operation` of a Safe's transaction means that isn't a plain call. */
export const delegatecallFinding = cleftFinding(
  "critical",
  "a delegatecall: the called code can do anything as the Safe",
);

/** Whether it is more than any token has: whoever approves it means "all, for ever". */
export function isUnlimited(amount: bigint): boolean {
  return amount >= 2n ** 112n;
}

/** What is dangerous in the arguments of a call, or nothing. */
type Danger = (values: readonly AbiValue[]) => Finding | undefined;

/** The argument that says who may spend, and the one that says how much. */
const allowance =
  (spender: number, amount: number): Danger =>
  (values) => {
    const value = values[amount];
    const isAll = value?.kind === "number" && isUnlimited(value.value);
    return isAll ? anyAmount(values[spender]) : undefined;
  };

/** The argument that says who may spend, and the one that says whether it may. */
const permission =
  (spender: number, allowed: number, finding: (who: AbiValue | undefined) => Finding): Danger =>
  (values) =>
    isTrue(values[allowed]) ? finding(values[spender]) : undefined;

/** THE LIST of calls that give something away although no coin moves. */
const dangers: ReadonlyMap<string, { readonly method: AbiMethod; readonly danger: Danger }> =
  new Map(
    Object.entries({
      "approve(address,uint256)": allowance(0, 1),
      "increaseAllowance(address,uint256)": allowance(0, 1),
      "increaseApproval(address,uint256)": allowance(0, 1),
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)": allowance(1, 2),
      // DAI's, whose allowances have no amount.
      "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)": permission(
        1,
        4,
        anyAmount,
      ),
      // Permit2's.
      "approve(address,address,uint160,uint48)": allowance(1, 2),
      "setApprovalForAll(address,bool)": permission(0, 1, allTokens),
      // How a Safe is told to do what its owners have approved.
      "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)":
        (values: readonly AbiValue[]) => (isZero(values[3]) ? undefined : delegatecallFinding),
    }).flatMap(([signature, danger]) => {
      const method = parseMethod(signature);
      return method === undefined ? [] : [[selectorOf(signature), { method, danger }] as const];
    }),
  );

/**
 * Finds where a call lets somebody spend a token without a limit (ERC-20, Permit2), or all tokens of
 * a collection (ERC-721): nothing else on the screen looks dangerous. It looks at the data as a
 * contract does: whatever the caller calls it, and whatever stands behind the arguments.
 */
export function dangerFindings(data: Hex): Finding[] {
  const known = dangers.get(data.slice(2, 10));
  if (known === undefined) return [];
  try {
    const found = known.danger(decodeArguments(known.method.types, fromHex(data).subarray(4)));
    return found === undefined ? [] : [found];
  } catch (error) {
    if (error instanceof AbiError) return [];
    throw error;
  }
}

function isTrue(value: AbiValue | undefined): boolean {
  return value?.kind === "bool" && value.value;
}

function isZero(value: AbiValue | undefined): boolean {
  return value?.kind === "number" && value.value === 0n;
}

function anyAmount(who: AbiValue | undefined): Finding {
  return letting(who, "spend ANY amount of your tokens of this contract");
}

function allTokens(who: AbiValue | undefined): Finding {
  return letting(who, "take ALL your tokens of this contract");
}

/** Confirmed with whom it lets do it: the recipient of the transaction is only the token. */
function letting(who: AbiValue | undefined, what: string): Finding {
  const name = who === undefined ? "somebody" : formatValue(who);
  const finding = cleftFinding("critical", `this lets ${name} ${what}`);
  const address = who?.kind === "address" ? parseAddress(who.value) : undefined;
  if (address === undefined) return finding;
  return { ...finding, confirmation: endOf(address, severityLabels.critical) };
}
