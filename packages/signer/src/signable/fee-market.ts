import { type Wei, zeroWei } from "../domain/quantity.ts";
import {
  accessField,
  encodeEnvelope,
  type Payment,
  paymentOf,
  type RlpInput,
  recipientField,
  signedResult,
} from "./envelope.ts";
import type { AccessTuple } from "./fields.ts";
import type { Signable } from "./kind.ts";

/** A fee-market transaction (EIP-1559, type 2). */
export interface FeeMarket extends Payment {
  readonly tag: "fee-market";
  readonly maxPriorityFeePerGas: Wei;
  readonly maxFeePerGas: Wei;
  readonly accessList: readonly AccessTuple[];
}

const typeByte = 0x02;

/** Fields in the order of EIP-1559. */
function unsignedFields(tx: FeeMarket): RlpInput[] {
  return [
    tx.chainId,
    tx.nonce,
    tx.maxPriorityFeePerGas,
    tx.maxFeePerGas,
    tx.gas,
    recipientField(tx),
    tx.value,
    tx.data,
    accessField(tx.accessList),
  ];
}

export const feeMarket: Signable<"fee-market", FeeMarket> = {
  tag: "fee-market",
  type: 2,

  parse: (args, chainId) => ({
    tag: "fee-market",
    ...paymentOf(args, chainId),
    maxPriorityFeePerGas: args.maxPriorityFeePerGas ?? zeroWei,
    maxFeePerGas: args.maxFeePerGas ?? zeroWei,
    accessList: args.accessList ?? [],
  }),

  preimage: (tx) => encodeEnvelope(typeByte, unsignedFields(tx)),

  result: (tx, signature) => {
    const { r, s, yParity } = signature;
    const signed = [...unsignedFields(tx), BigInt(yParity), BigInt(r), BigInt(s)];
    const { maxPriorityFeePerGas, maxFeePerGas, accessList } = tx;
    const fees = { gasPrice: null, maxPriorityFeePerGas, maxFeePerGas };
    const parts = { type: "0x2", ...fees, accessList, v: BigInt(yParity) } as const;
    return signedResult(encodeEnvelope(typeByte, signed), tx, parts, signature);
  },
};
