import { zeroAddress } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import type { Review } from "../../domain/review.ts";
import type { AuthorizationRequest } from "../../signable/authorization.ts";
import { nameOfChain } from "../amount.ts";
import { grantFindings } from "../checks/authorizations.ts";
import { field } from "../review-field.ts";
import { authorizationLines } from "./set-code.ts";

/**
 * Says what an authorization does: whoever has it can set the account's code, and needn't ask again.
 * Pure.
 */
export function inspectAuthorization(authorization: AuthorizationRequest): Review {
  const { account, chainId, delegate } = authorization;
  const where = chainId === 0n ? "EVERY chain" : nameOfChain(chainId);
  const name = "this authorization";
  return {
    headline:
      delegate === zeroAddress
        ? `Take away the code of your account on ${where}`
        : `Give your account to a contract on ${where}`,
    findings: grantFindings(authorization, account.address, { name, own: true }),
    fields: authorizationLines(authorization, account.address),
    details: [
      field("used by", "anybody who has it, once, when the account is at that nonce"),
      field("sent by you", "the nonce has to be one more than the transaction's"),
      field("type", "authorization (EIP-7702)"),
    ],
    data: "0x",
    confirmation: endOf(account.address, "account"),
  };
}
