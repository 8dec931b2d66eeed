import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import type { ChainId } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import type { TransactionArgs } from "./transaction-args.ts";

/**
 * Port: one type of transaction. Everything here is pure. What a person is shown is made in
 * `inspect/kinds/` from the same parsed value that `preimage` encodes.
 */
export interface Signable<Tag extends string, T extends { readonly tag: Tag }> {
  readonly tag: Tag;
  /** EIP-2718 type number. */
  readonly type: TransactionArgs["type"];
  /** Takes what this kind needs from the arguments; the chain is the one that policy allows. */
  parse(args: TransactionArgs, chainId: ChainId): T;
  /** The very bytes whose keccak-256 is signed. */
  preimage(value: T): Uint8Array;
  /** The signed envelope and the same as fields. */
  result(value: T, signature: Signature): SignTransactionResult;
}
