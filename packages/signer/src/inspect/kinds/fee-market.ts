import { type Address, checksummed } from "../../domain/address.ts";
import { costWei } from "../../domain/quantity.ts";
import type { Review, ReviewField } from "../../domain/review.ts";
import type { FeeMarket } from "../../signable/fee-market.ts";
import { formatCoin, formatGwei, nameOfChain } from "../amount.ts";

/** What a person has to know about a fee-market transaction, most important first. */
export function describeFeeMarket(tx: FeeMarket, from: Address): Omit<Review, "findings"> {
  const feeMaxWei = costWei(tx.gas, tx.maxFeePerGas);
  const recipient = tx.to === "create" ? from : tx.to;
  return {
    headline: headline(tx),
    fields: [
      field("amount", formatCoin(tx.value, tx.chainId)),
      field("fee at most", formatCoin(feeMaxWei, tx.chainId)),
      field("total at most", formatCoin(tx.value + feeMaxWei, tx.chainId)),
      field("from", checksummed(from)),
      field("to", tx.to === "create" ? "a new contract" : checksummed(tx.to)),
      ...callFields(tx),
    ],
    details: [
      field("nonce", String(tx.nonce)),
      field("gas", String(tx.gas)),
      field("fee cap", `${formatGwei(tx.maxFeePerGas)} per gas`),
      field("tip", `${formatGwei(tx.maxPriorityFeePerGas)} per gas`),
      field("type", "2 (EIP-1559)"),
      ...tx.accessList.flatMap(({ address, storageKeys }) => [
        field("access", checksummed(address)),
        ...storageKeys.map((key) => field("slot", key)),
      ]),
    ],
    data: tx.data,
    confirmation: checksummed(recipient).slice(-4),
  };
}

function headline(tx: FeeMarket): string {
  const chain = nameOfChain(tx.chainId);
  if (tx.to === "create") return `Create a contract on ${chain}`;
  const amount = formatCoin(tx.value, tx.chainId);
  if (tx.data === "0x") return `Send ${amount} on ${chain}`;
  return `Call a contract and send ${amount} on ${chain}`;
}

function callFields(tx: FeeMarket): ReviewField[] {
  if (tx.data === "0x") return [];
  const bytes = (tx.data.length - 2) / 2;
  if (tx.to === "create") return [field("code", `${bytes} bytes, shown below`)];
  return [field("call", `${bytes} bytes, cannot be decoded: you would sign blind`)];
}

function field(label: string, value: string): ReviewField {
  return { label, value, claim: false };
}
