import { type Wei, zeroWei } from "../domain/quantity.ts";
import { paymentOf } from "./envelope.ts";
import type { Signable } from "./kind.ts";
import { type TypedPayment, typedEncoding } from "./typed.ts";

/** A fee-market transaction (EIP-1559, type 2). */
export interface FeeMarket extends TypedPayment {
  readonly tag: "fee-market";
  readonly maxPriorityFeePerGas: Wei;
  readonly maxFeePerGas: Wei;
}

export const feeMarket: Signable<"fee-market", FeeMarket> = {
  tag: "fee-market",

  parse: (args, chainId) => ({
    tag: "fee-market",
    ...paymentOf(args, chainId),
    maxPriorityFeePerGas: args.maxPriorityFeePerGas ?? zeroWei,
    maxFeePerGas: args.maxFeePerGas ?? zeroWei,
    accessList: args.accessList ?? [],
  }),

  ...typedEncoding<FeeMarket>({
    type: 2,
    prices: ({ maxPriorityFeePerGas, maxFeePerGas }) => [maxPriorityFeePerGas, maxFeePerGas],
    fees: ({ maxPriorityFeePerGas, maxFeePerGas }) => ({
      gasPrice: null,
      maxPriorityFeePerGas,
      maxFeePerGas,
    }),
  }),
};
