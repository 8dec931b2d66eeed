import type { Review } from "../../domain/review.ts";
import { counted } from "../../domain/spoken.ts";
import { type Blob, blobFeeWei } from "../../signable/blob.ts";
import { formatCoin, formatGwei } from "../amount.ts";
import { type Context, describePayment } from "../payment.ts";
import { field } from "../review-field.ts";
import { feeMarketDetails } from "./fee-market.ts";

/** What a person has to know about a transaction with blobs: their number, their price, their names. */
export function describeBlob(tx: Blob, context: Context): Omit<Review, "findings"> {
  const { length } = tx.hashes;
  const count = counted(length, "blob");
  const payment = describePayment(tx, context, {
    priceMax: tx.maxFeePerGas,
    blobFeeMax: blobFeeWei(tx),
    details: [
      ...feeMarketDetails(tx, "3 (EIP-4844)"),
      field("blob fee cap", `${formatGwei(tx.maxFeePerBlobGas)} per gas`),
      ...tx.hashes.map((hash, at) => field(`blob ${at + 1}`, hash)),
    ],
  });
  return {
    ...payment,
    headline: `Publish ${count}, and ${payment.headline.charAt(0).toLowerCase()}${payment.headline.slice(1)}`,
    fields: [
      ...payment.fields,
      field("blobs", `${count}, ${carriedText(tx)}`),
      field("for blobs", `at most ${formatCoin(blobFeeWei(tx), tx.chainId)} of the fee`),
    ],
  };
}

function carriedText({ sidecar }: Blob): string {
  if (sidecar === undefined) return "the caller keeps them: you see their hashes alone";
  return "they have the hashes below; what they hold is not shown";
}
