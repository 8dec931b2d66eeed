import { type Hex, toHex, toQuantity } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { RLP } from "micro-eth-signer/core/rlp.js";
import type { Address } from "../domain/address.ts";
import { type ChainId, type Uint64, type Wei, zeroWei } from "../domain/quantity.ts";
import type { AccessTuple } from "./fields.ts";
import type { Signable, Signature } from "./kind.ts";

/** A fee-market transaction (EIP-1559, type 2). */
export interface FeeMarket {
  readonly tag: "fee-market";
  readonly chainId: ChainId;
  readonly nonce: Uint64;
  readonly maxPriorityFeePerGas: Wei;
  readonly maxFeePerGas: Wei;
  readonly gas: Uint64;
  readonly to: Address | "create";
  readonly value: Wei;
  readonly data: Hex;
  readonly accessList: readonly AccessTuple[];
}

const typeByte = 0x02;

/** Fields in the order of EIP-1559. RLP turns a bigint into its shortest bytes, 0 into none. */
function unsignedFields(tx: FeeMarket) {
  return [
    tx.chainId,
    tx.nonce,
    tx.maxPriorityFeePerGas,
    tx.maxFeePerGas,
    tx.gas,
    tx.to === "create" ? "0x" : tx.to,
    tx.value,
    tx.data,
    tx.accessList.map(({ address, storageKeys }) => [address, [...storageKeys]]),
  ];
}

function envelope(fields: Parameters<typeof RLP.encode>[0]): Uint8Array {
  const body = RLP.encode(fields);
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = typeByte;
  bytes.set(body, 1);
  return bytes;
}

export const feeMarket: Signable<"fee-market", FeeMarket> = {
  tag: "fee-market",
  type: 2,

  parse: (args, chainId) => ({
    tag: "fee-market",
    chainId,
    nonce: args.nonce,
    maxPriorityFeePerGas: args.maxPriorityFeePerGas ?? zeroWei,
    maxFeePerGas: args.maxFeePerGas ?? zeroWei,
    gas: args.gas,
    to: args.to === "create" ? "create" : args.to.address,
    value: args.value,
    data: args.data ?? "0x",
    accessList: args.accessList ?? [],
  }),

  preimage: (tx) => envelope(unsignedFields(tx)),

  result: (tx, { r, s, yParity }: Signature) => {
    const signature = [BigInt(yParity), BigInt(r), BigInt(s)];
    const raw = envelope([...unsignedFields(tx), ...signature]);
    return {
      raw: toHex(raw),
      tx: {
        type: "0x2",
        chainId: toQuantity(tx.chainId),
        nonce: toQuantity(tx.nonce),
        to: tx.to === "create" ? null : tx.to,
        gas: toQuantity(tx.gas),
        gasPrice: null,
        maxPriorityFeePerGas: toQuantity(tx.maxPriorityFeePerGas),
        maxFeePerGas: toQuantity(tx.maxFeePerGas),
        value: toQuantity(tx.value),
        input: tx.data,
        accessList: tx.accessList,
        v: toQuantity(yParity),
        r: toQuantity(BigInt(r)),
        s: toQuantity(BigInt(s)),
        yParity: toQuantity(yParity),
        hash: toHex(keccak_256(raw)),
      },
    };
  },
};
