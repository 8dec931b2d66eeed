import { type Address, checksummed, zeroAddress } from "../../domain/address.ts";
import type { Review, ReviewField } from "../../domain/review.ts";
import { counted } from "../../domain/spoken.ts";
import type { SignedAuthorization } from "../../signable/authorization.ts";
import type { SetCode } from "../../signable/set-code.ts";
import { nameOfChain } from "../amount.ts";
import { type Context, describePayment } from "../payment.ts";
import { field } from "../review-field.ts";
import { feeMarketDetails } from "./fee-market.ts";

/** Who signed each authorization of a transaction; undefined if nobody can have. */
export type Authorities = readonly (Address | undefined)[];

/** What a person has to know about a transaction that sets code: above all, whose and which. */
export function describeSetCode(
  tx: SetCode,
  context: Context,
  authorities: Authorities,
): Omit<Review, "findings"> {
  const payment = describePayment(tx, context, {
    priceMax: tx.maxFeePerGas,
    details: feeMarketDetails(tx, "4 (EIP-7702)"),
  });
  const count = new Set(authorities.filter((authority) => authority !== undefined)).size;
  const whose = counted(count, "account");
  const { headline } = payment;
  return {
    ...payment,
    headline: `Set the code of ${whose}, and ${headline.charAt(0).toLowerCase()}${headline.slice(1)}`,
    fields: [
      ...tx.authorizations.flatMap((one, at) => authorizationLines(one, authorities[at])),
      ...payment.fields,
    ],
  };
}

/** The row that says to which contract an account is given. */
export const delegateLabel = "gets code";

/** An authorization as a reader needs it: the account that is given away, and to what. */
export function authorizationLines(
  { chainId, delegate, nonce }: Omit<SignedAuthorization, "signature">,
  authority: Address | undefined,
): ReviewField[] {
  const code = delegate === zeroAddress ? "none: the code is taken away" : checksummed(delegate);
  return [
    field(
      "account",
      authority === undefined ? "nobody's: no valid signature" : checksummed(authority),
    ),
    field(`  ${delegateLabel}`, code),
    field("  on", chainId === 0n ? "EVERY chain (chain 0)" : nameOfChain(chainId)),
    field("  at nonce", String(nonce)),
  ];
}
