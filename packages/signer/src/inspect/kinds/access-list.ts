import type { Review } from "../../domain/review.ts";
import type { AccessListed } from "../../signable/access-list.ts";
import { formatGwei } from "../amount.ts";
import { accessFields, type Context, describePayment } from "../payment.ts";
import { field } from "../review-field.ts";

/** What a person has to know about a transaction with an access list. */
export function describeAccessListed(tx: AccessListed, context: Context): Omit<Review, "findings"> {
  return describePayment(tx, context, {
    priceMax: tx.gasPrice,
    details: [
      field("gas price", `${formatGwei(tx.gasPrice)} per gas`),
      field("type", "1 (EIP-2930)"),
      ...accessFields(tx.accessList),
    ],
  });
}
