import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import { Failure } from "../domain/failure.ts";
import type { ChainId } from "../domain/quantity.ts";
import { type FeeMarket, feeMarket } from "./fee-market.ts";
import type { Signature } from "./kind.ts";
import type { TransactionArgs } from "./transaction-args.ts";

/** THE LIST of what can be signed. */
const kinds = { "fee-market": feeMarket } as const;

/** Something that can be signed, parsed. */
export type Signing = FeeMarket;

/**
 * Chooses the kind by the type that the arguments ask for and parses them as it.
 * @throws Failure `transaction.later` for a type that isn't in the list yet.
 */
export function parseSigning(args: TransactionArgs, chainId: ChainId): Signing {
  const kind = Object.values(kinds).find(({ type }) => type === args.type);
  if (kind === undefined) {
    throw new Failure(
      "transaction.later",
      `transactions of type ${args.type} are not implemented yet, send maxFeePerGas and maxPriorityFeePerGas (type 2)`,
    );
  }
  return kind.parse(args, chainId);
}

/** The bytes whose keccak-256 is signed. */
export function preimageOf(signing: Signing): Uint8Array {
  return kinds[signing.tag].preimage(signing);
}

/** The signed envelope. */
export function resultOf(signing: Signing, signature: Signature): SignTransactionResult {
  return kinds[signing.tag].result(signing, signature);
}
