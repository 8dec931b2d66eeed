import type { Review, ReviewField } from "../../domain/review.ts";
import type { FeeMarket } from "../../signable/fee-market.ts";
import { formatGwei } from "../amount.ts";
import { accessFields, type Context, describePayment } from "../payment.ts";
import { field } from "../review-field.ts";

/** What a person has to know about a fee-market transaction. */
export function describeFeeMarket(tx: FeeMarket, context: Context): Omit<Review, "findings"> {
  return describePayment(tx, context, {
    priceMax: tx.maxFeePerGas,
    details: feeMarketDetails(tx, "2 (EIP-1559)"),
  });
}

/** What all types with a fee cap have besides the payment. */
export function feeMarketDetails(tx: Omit<FeeMarket, "tag">, type: string): ReviewField[] {
  return [
    field("fee cap", `${formatGwei(tx.maxFeePerGas)} per gas`),
    field("tip", `${formatGwei(tx.maxPriorityFeePerGas)} per gas`),
    field("type", type),
    ...accessFields(tx.accessList),
  ];
}
