import {
  authorizationFields,
  type SignedAuthorization,
  toAuthorizationWire,
} from "./authorization.ts";
import { paymentOf } from "./envelope.ts";
import { type FeeMarket, feeMarketParts, feeMarketPrices } from "./fee-market.ts";
import type { Signable } from "./kind.ts";
import { typedEncoding } from "./typed.ts";

/** A transaction that sets the code of accounts (EIP-7702, type 4). */
export interface SetCode extends Omit<FeeMarket, "tag"> {
  readonly tag: "set-code";
  /** At least one, in the caller's order. */
  readonly authorizations: readonly SignedAuthorization[];
}

export const setCode: Signable<"set-code", SetCode> = {
  tag: "set-code",

  parse: (args, chainId) => ({
    tag: "set-code",
    ...paymentOf(args, chainId),
    ...feeMarketParts(args),
    authorizations: args.authorizationList ?? [],
  }),

  ...typedEncoding<SetCode>({
    type: 4,
    ...feeMarketPrices,
    tail: ({ authorizations }) => [authorizations.map(authorizationFields)],
    own: ({ authorizations }) => ({
      authorizationList: authorizations.map((one) => toAuthorizationWire(one, one.signature)),
    }),
  }),
};
