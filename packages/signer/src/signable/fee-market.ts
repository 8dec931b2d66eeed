import { type Wei, zeroWei } from "../domain/quantity.ts";
import { paymentOf } from "./envelope.ts";
import type { Signable } from "./kind.ts";
import type { TransactionArgs } from "./transaction-args.ts";
import { type TypedPayment, typedEncoding } from "./typed.ts";

/** A fee-market transaction (EIP-1559, type 2). */
export interface FeeMarket extends TypedPayment {
  readonly tag: "fee-market";
  readonly maxPriorityFeePerGas: Wei;
  readonly maxFeePerGas: Wei;
}

/** What it has in common with the types that came after it. */
type FeeMarketParts = Pick<FeeMarket, "maxPriorityFeePerGas" | "maxFeePerGas" | "accessList">;

export function feeMarketParts(args: TransactionArgs): FeeMarketParts {
  return {
    maxPriorityFeePerGas: args.maxPriorityFeePerGas ?? zeroWei,
    maxFeePerGas: args.maxFeePerGas ?? zeroWei,
    accessList: args.accessList ?? [],
  };
}

/** Its prices, as they are encoded and as they are told. */
export const feeMarketPrices = {
  prices: ({ maxPriorityFeePerGas, maxFeePerGas }: FeeMarketParts) => [
    maxPriorityFeePerGas,
    maxFeePerGas,
  ],
  fees: ({ maxPriorityFeePerGas, maxFeePerGas }: FeeMarketParts) => ({
    gasPrice: null,
    maxPriorityFeePerGas,
    maxFeePerGas,
  }),
};

export const feeMarket: Signable<"fee-market", FeeMarket> = {
  tag: "fee-market",

  parse: (args, chainId) => ({
    tag: "fee-market",
    ...paymentOf(args, chainId),
    ...feeMarketParts(args),
  }),

  ...typedEncoding<FeeMarket>({ type: 2, ...feeMarketPrices }),
};
