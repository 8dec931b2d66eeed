import { zeroWei } from "../domain/quantity.ts";
import {
  authorizationFields,
  type SignedAuthorization,
  toAuthorizationWire,
} from "./authorization.ts";
import { paymentOf } from "./envelope.ts";
import type { FeeMarket } from "./fee-market.ts";
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
    maxPriorityFeePerGas: args.maxPriorityFeePerGas ?? zeroWei,
    maxFeePerGas: args.maxFeePerGas ?? zeroWei,
    accessList: args.accessList ?? [],
    authorizations: args.authorizationList ?? [],
  }),

  ...typedEncoding<SetCode>({
    type: 4,
    prices: ({ maxPriorityFeePerGas, maxFeePerGas }) => [maxPriorityFeePerGas, maxFeePerGas],
    fees: ({ maxPriorityFeePerGas, maxFeePerGas }) => ({
      gasPrice: null,
      maxPriorityFeePerGas,
      maxFeePerGas,
    }),
    tail: ({ authorizations }) => [authorizations.map(authorizationFields)],
    own: ({ authorizations }) => ({
      authorizationList: authorizations.map((one) => toAuthorizationWire(one, one.signature)),
    }),
  }),
};
