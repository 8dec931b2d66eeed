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

/** A transaction with an access list and one gas price (EIP-2930, type 1). */
export interface AccessListed extends Payment {
  readonly tag: "access-list";
  readonly gasPrice: Wei;
  readonly accessList: readonly AccessTuple[];
}

const typeByte = 0x01;

/** Fields in the order of EIP-2930. */
function unsignedFields(tx: AccessListed): RlpInput[] {
  return [
    tx.chainId,
    tx.nonce,
    tx.gasPrice,
    tx.gas,
    recipientField(tx),
    tx.value,
    tx.data,
    accessField(tx.accessList),
  ];
}

export const accessList: Signable<"access-list", AccessListed> = {
  tag: "access-list",
  type: 1,

  parse: (args, chainId) => ({
    tag: "access-list",
    ...paymentOf(args, chainId),
    gasPrice: args.gasPrice ?? zeroWei,
    accessList: args.accessList ?? [],
  }),

  preimage: (tx) => encodeEnvelope(typeByte, unsignedFields(tx)),

  result: (tx, signature) => {
    const { r, s, yParity } = signature;
    const signed = [...unsignedFields(tx), BigInt(yParity), BigInt(r), BigInt(s)];
    const fees = { gasPrice: tx.gasPrice, maxPriorityFeePerGas: null, maxFeePerGas: null };
    const parts = { type: "0x1", ...fees, accessList: tx.accessList, v: BigInt(yParity) } as const;
    return signedResult(encodeEnvelope(typeByte, signed), tx, parts, signature);
  },
};
