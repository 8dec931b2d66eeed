import { type Wei, zeroWei } from "../domain/quantity.ts";
import { paymentOf } from "./envelope.ts";
import type { Signable } from "./kind.ts";
import { type TypedPayment, typedEncoding } from "./typed.ts";

/** A transaction with an access list and one gas price (EIP-2930, type 1). */
export interface AccessListed extends TypedPayment {
  readonly tag: "access-list";
  readonly gasPrice: Wei;
}

export const accessList: Signable<"access-list", AccessListed> = {
  tag: "access-list",

  parse: (args, chainId) => ({
    tag: "access-list",
    ...paymentOf(args, chainId),
    gasPrice: args.gasPrice ?? zeroWei,
    accessList: args.accessList ?? [],
  }),

  ...typedEncoding<AccessListed>({
    type: 1,
    prices: ({ gasPrice }) => [gasPrice],
    fees: ({ gasPrice }) => ({ gasPrice, maxPriorityFeePerGas: null, maxFeePerGas: null }),
  }),
};
