import type { Review } from "../domain/review.ts";
import type { Signing } from "../signable/kinds.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import { type Calldata, readCalldata } from "./calldata.ts";
import { allowanceFindings } from "./checks/allowance.ts";
import { clefFindings } from "./checks/clef.ts";
import { cleftFindings } from "./checks/cleft.ts";
import { describeAccessListed } from "./kinds/access-list.ts";
import { describeFeeMarket } from "./kinds/fee-market.ts";
import { describeLegacy } from "./kinds/legacy.ts";
import type { Context } from "./payment.ts";

/**
 * Says what a request would do. Pure: the same request gives the same review, and what it shows
 * comes from the value whose bytes are signed.
 * @throws Failure `transaction.refused` for what Clef refuses in every mode.
 */
export function inspect(args: TransactionArgs, signing: Signing): Review {
  const calldata: Calldata =
    args.to === "create" ? { kind: "none" } : readCalldata(signing.data, args.claimedMethod);
  const findings = [
    ...clefFindings(args, calldata),
    ...allowanceFindings(calldata),
    ...cleftFindings(args, signing),
  ];
  return { ...describe(signing, { from: args.from.address, calldata }), findings };
}

function describe(signing: Signing, context: Context): Omit<Review, "findings"> {
  switch (signing.tag) {
    case "legacy":
      return describeLegacy(signing, context);
    case "access-list":
      return describeAccessListed(signing, context);
    case "fee-market":
      return describeFeeMarket(signing, context);
  }
}
