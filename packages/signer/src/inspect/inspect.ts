import type { Address } from "../domain/address.ts";
import type { Review } from "../domain/review.ts";
import type { SignedAuthorization } from "../signable/authorization.ts";
import type { Signing } from "../signable/kinds.ts";
import type { TransactionArgs } from "../signable/transaction-args.ts";
import { type Calldata, readCalldata } from "./calldata.ts";
import { setCodeFindings } from "./checks/authorizations.ts";
import { clefFindings } from "./checks/clef.ts";
import { cleftFindings } from "./checks/cleft.ts";
import { dangerFindings } from "./checks/dangers.ts";
import { unclearFindings } from "./checks/unclear.ts";
import { describeAccessListed } from "./kinds/access-list.ts";
import { describeBlob } from "./kinds/blob.ts";
import { describeFeeMarket } from "./kinds/fee-market.ts";
import { describeLegacy } from "./kinds/legacy.ts";
import { type Authorities, describeSetCode } from "./kinds/set-code.ts";
import type { Context } from "./payment.ts";
import type { MethodsOf } from "./selectors.ts";

/** Finds who signed an authorization; undefined if nobody can have. */
export type AuthorityOf = (authorization: SignedAuthorization) => Address | undefined;

/** What a transaction alone can't tell. */
export interface Known {
  readonly authorityOf: AuthorityOf;
  readonly methodsOf: MethodsOf;
}

/**
 * Says what a request would do. Pure: the same request gives the same review, and what it shows
 * comes from the value whose bytes are signed.
 * @throws Failure `transaction.refused` for what Clef refuses in every mode.
 */
export function inspect(args: TransactionArgs, signing: Signing, known: Known): Review {
  const { authorityOf, methodsOf } = known;
  const calldata: Calldata =
    args.to === "create"
      ? { kind: "none" }
      : readCalldata(signing.data, args.claimedMethod, methodsOf);
  const from = args.from.address;
  const clef = clefFindings(args, calldata);
  const authorities = signing.tag === "set-code" ? signing.authorizations.map(authorityOf) : [];
  const findings = [
    ...clef,
    ...(signing.tag === "set-code" ? setCodeFindings(signing, { from, authorities }) : []),
    ...(args.to === "create" ? [] : dangerFindings(signing.data)),
    ...unclearFindings(calldata),
    ...cleftFindings(args, signing),
  ];
  return { ...describe(signing, { from, calldata }, authorities), findings };
}

function describe(
  signing: Signing,
  context: Context,
  authorities: Authorities,
): Omit<Review, "findings"> {
  switch (signing.tag) {
    case "legacy":
      return describeLegacy(signing, context);
    case "access-list":
      return describeAccessListed(signing, context);
    case "fee-market":
      return describeFeeMarket(signing, context);
    case "blob":
      return describeBlob(signing, context);
    case "set-code":
      return describeSetCode(signing, context, authorities);
  }
}
