import type { Review } from "../../domain/review.ts";
import type { Legacy } from "../../signable/legacy.ts";
import { formatGwei } from "../amount.ts";
import { type Context, describePayment } from "../payment.ts";
import { field } from "../review-field.ts";

/** What a person has to know about a transaction without a type. */
export function describeLegacy(tx: Legacy, context: Context): Omit<Review, "findings"> {
  return describePayment(tx, context, {
    priceMax: tx.gasPrice,
    details: [
      field("gas price", `${formatGwei(tx.gasPrice)} per gas`),
      field("type", "0 (legacy, EIP-155)"),
    ],
  });
}
