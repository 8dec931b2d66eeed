import { toQuantity } from "@cleft/protocol/hex.ts";
import { checksummed, spellingOf } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { clefFinding, cleftFinding, type Finding } from "../../domain/finding.ts";
import { parseChainId, parseWei, zeroWei } from "../../domain/quantity.ts";
import type { Review } from "../../domain/review.ts";
import type { SafeTxArgs } from "../../signable/safe-args.ts";
import type { SafeTx } from "../../signable/safe-tx.ts";
import { formatCoin, formatUnits, nameOfChain } from "../amount.ts";
import { readCalldata } from "../calldata.ts";
import { clefFindings } from "../checks/clef.ts";
import { dangerFindings, delegatecallFinding } from "../checks/dangers.ts";
import { unclearFindings } from "../checks/unclear.ts";
import { callFields } from "../payment.ts";
import { field } from "../review-field.ts";
import type { MethodsOf } from "../selectors.ts";
import { detailsOf, fieldsOf } from "./typed-data.ts";

/** Says what a Safe's transaction would do: Clef's findings on it as a payment, and ours. Pure. */
export function inspectSafeTx({ args, typed, hash }: SafeTx, methodsOf: MethodsOf): Review {
  const calldata = readCalldata(args.data ?? "0x", args.claimedMethod, methodsOf);
  const chain = parseChainId(typed.chainId ?? 0n);
  const where = chain === undefined ? "an unnamed chain" : nameOfChain(chain);
  const account = checksummed(args.account.address);
  const to = args.to.address;
  return {
    headline: `Approve a ${args.operation === 1 ? "DELEGATECALL" : "transaction"} of a Safe on ${where}`,
    findings: [
      ...clefFindings(paymentOf(args), calldata),
      ...dangerFindings(args.data ?? "0x"),
      ...unclearFindings(calldata),
      ...findingsOf(args, typed.chainId),
    ],
    fields: [
      field("account", account),
      field("Safe", checksummed(args.safe.address)),
      field("amount", chain === undefined ? coins(args.value) : formatCoin(args.value, chain)),
      field("to", checksummed(to)),
      ...callFields({ to, data: args.data ?? "0x" }, calldata),
      field("Safe nonce", String(args.nonce)),
      field("Safe hash", hash),
    ],
    details: [...fieldsOf("", typed.message), ...detailsOf(typed)],
    data: args.data ?? "0x",
    confirmation: endOf(args.account.address, "account"),
  };
}

/** What Clef checks of it: the Safe pays, with a gas price. */
function paymentOf(args: SafeTxArgs): Parameters<typeof clefFindings>[0] {
  const { to, data, claimedMethod } = args;
  const wei = (amount: bigint) => parseWei(toQuantity(amount)) ?? zeroWei;
  return {
    ...{ to, data, claimedMethod },
    ...{ value: wei(args.value), gasPrice: wei(args.gasPrice) },
    ...{ maxFeePerGas: undefined, maxPriorityFeePerGas: undefined },
  };
}

function coins(value: bigint): string {
  return `${formatUnits(value, 18)} coins`;
}

function findingsOf(args: SafeTxArgs, chainId: bigint | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const name of ["safe", "gasToken", "refundReceiver"] as const) {
    const { text, address } = args[name];
    if (spellingOf(text, address) !== "wrong") continue;
    const message = `Invalid checksum on address at "${name}"`;
    findings.push(clefFinding("warning", message));
  }
  if (args.operation === 1) {
    findings.push(delegatecallFinding);
  }
  if (args.to.address === args.safe.address) {
    findings.push(
      cleftFinding("warning", "the Safe calls itself: this changes its owners or settings"),
    );
  }
  if (args.gasPrice > 0n) {
    findings.push(
      cleftFinding("warning", "the Safe pays for the gas, to whom the fields below say"),
    );
  }
  if (chainId === undefined) {
    findings.push(
      cleftFinding("warning", "no chain is signed: it is valid for this Safe on every chain"),
    );
  }
  return findings;
}
