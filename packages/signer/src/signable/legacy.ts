import { type Wei, zeroWei } from "../domain/quantity.ts";
import { type Payment, paymentOf, recipientField, signedResult } from "./envelope.ts";
import type { Signable } from "./kind.ts";
import { encodeEnvelope, type RlpInput } from "./rlp.ts";

/** A transaction without a type, bound to its chain by v (EIP-155). */
export interface Legacy extends Payment {
  readonly tag: "legacy";
  readonly gasPrice: Wei;
}

function unsignedFields(tx: Legacy): RlpInput[] {
  return [tx.nonce, tx.gasPrice, tx.gas, recipientField(tx), tx.value, tx.data];
}

export const legacy: Signable<"legacy", Legacy> = {
  tag: "legacy",
  type: 0,

  parse: (args, chainId) => ({
    tag: "legacy",
    ...paymentOf(args, chainId),
    gasPrice: args.gasPrice ?? zeroWei,
  }),

  preimage: (tx) => encodeEnvelope(undefined, [...unsignedFields(tx), tx.chainId, 0n, 0n]),

  result: (tx, signature) => {
    const { r, s, yParity } = signature;
    const v = 35n + 2n * tx.chainId + BigInt(yParity);
    const raw = encodeEnvelope(undefined, [...unsignedFields(tx), v, BigInt(r), BigInt(s)]);
    const fees = { gasPrice: tx.gasPrice, maxPriorityFeePerGas: null, maxFeePerGas: null };
    return signedResult(raw, tx, { type: 0, fees, v }, signature);
  },
};
