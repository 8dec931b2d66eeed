import type { AccessTupleWire, SignTransactionResult } from "@cleft/protocol/account.ts";
import { type Hex, toHex, toQuantity } from "@cleft/protocol/hex.ts";
import type { Address } from "../domain/address.ts";
import { hashOf } from "../domain/hash.ts";
import type { ChainId, Uint64, Wei } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import type { TransactionArgs } from "./transaction-args.ts";

/** What every type of transaction has. */
export interface Payment {
  readonly chainId: ChainId;
  readonly nonce: Uint64;
  readonly gas: Uint64;
  readonly to: Address | "create";
  readonly value: Wei;
  readonly data: Hex;
}

/** What every type takes from the arguments in the same way; the chain is the configured one. */
export function paymentOf(args: TransactionArgs, chainId: ChainId): Payment {
  return {
    chainId,
    nonce: args.nonce,
    gas: args.gas,
    to: args.to === "create" ? "create" : args.to.address,
    value: args.value,
    data: args.data ?? "0x",
  };
}

/** The recipient as RLP has it: no bytes for a creation. */
export function recipientField({ to }: Payment): Hex {
  return to === "create" ? "0x" : to;
}

/** The fees of a result; what a type doesn't use is null. */
export interface Fees {
  readonly gasPrice: Wei | null;
  readonly maxPriorityFeePerGas: Wei | null;
  readonly maxFeePerGas: Wei | null;
  /** Only blob transactions have it. */
  readonly maxFeePerBlobGas?: Wei;
}

/** What a result has of one type alone. */
export type OwnFields = Pick<
  SignTransactionResult["tx"],
  "blobVersionedHashes" | "authorizationList"
>;

/** What a result has that isn't signed. */
export type CarriedFields = Pick<SignTransactionResult["tx"], "blobs" | "commitments" | "proofs">;

/** What of a result depends on the type besides its fees. Only typed ones have an access list. */
interface ResultParts {
  readonly type: number;
  readonly fees: Fees;
  readonly v: bigint;
  readonly accessList?: readonly AccessTupleWire[];
  readonly own?: OwnFields;
  readonly carried?: CarriedFields;
  /** What is hashed, if `raw` carries more than that. */
  readonly envelope?: Uint8Array;
}

/** Writes a signed transaction as go-ethereum does; keys in its order. */
export function signedResult(
  raw: Uint8Array,
  tx: Payment,
  { type, fees, v, accessList, own = {}, carried = {}, envelope = raw }: ResultParts,
  { r, s, yParity }: Signature,
): SignTransactionResult {
  const fee = (wei: Wei | null) => (wei === null ? null : toQuantity(wei));
  return {
    raw: toHex(raw),
    tx: {
      type: toQuantity(type),
      chainId: toQuantity(tx.chainId),
      nonce: toQuantity(tx.nonce),
      to: tx.to === "create" ? null : tx.to,
      gas: toQuantity(tx.gas),
      gasPrice: fee(fees.gasPrice),
      maxPriorityFeePerGas: fee(fees.maxPriorityFeePerGas),
      maxFeePerGas: fee(fees.maxFeePerGas),
      ...(fees.maxFeePerBlobGas === undefined
        ? {}
        : { maxFeePerBlobGas: toQuantity(fees.maxFeePerBlobGas) }),
      value: toQuantity(tx.value),
      input: tx.data,
      ...(accessList === undefined ? {} : { accessList }),
      ...own,
      v: toQuantity(v),
      r: toQuantity(BigInt(r)),
      s: toQuantity(BigInt(s)),
      ...(accessList === undefined ? {} : { yParity: toQuantity(yParity) }),
      ...carried,
      hash: hashOf(envelope),
    },
  };
}
