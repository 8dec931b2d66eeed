import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import { Failure } from "../domain/failure.ts";
import type { ChainId } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import { type AccessListed, accessList } from "./access-list.ts";
import { type FeeMarket, feeMarket } from "./fee-market.ts";
import { type Legacy, legacy } from "./legacy.ts";
import { type SetCode, setCode } from "./set-code.ts";
import type { TransactionArgs } from "./transaction-args.ts";

/** Something that can be signed, parsed. */
export type Signing = Legacy | AccessListed | FeeMarket | SetCode;

/** THE LIST of what can be signed. */
const kinds = [legacy, accessList, feeMarket, setCode] as const;

/**
 * Chooses the kind by the type that the arguments ask for and parses them as it.
 * @throws Failure `signable.later` for a type that isn't in the list yet.
 */
export function parseSigning(args: TransactionArgs, chainId: ChainId): Signing {
  const kind = kinds.find(({ type }) => type === args.type);
  if (kind === undefined) {
    throw new Failure(
      "signable.later",
      `transactions of type ${args.type} are not implemented yet, leave the blob fields out`,
    );
  }
  return kind.parse(args, chainId);
}

/** The bytes whose keccak-256 is signed. */
export function preimageOf(signing: Signing): Uint8Array {
  switch (signing.tag) {
    case "legacy":
      return legacy.preimage(signing);
    case "access-list":
      return accessList.preimage(signing);
    case "fee-market":
      return feeMarket.preimage(signing);
    case "set-code":
      return setCode.preimage(signing);
  }
}

/** The signed envelope. */
export function resultOf(signing: Signing, signature: Signature): SignTransactionResult {
  switch (signing.tag) {
    case "legacy":
      return legacy.result(signing, signature);
    case "access-list":
      return accessList.result(signing, signature);
    case "fee-market":
      return feeMarket.result(signing, signature);
    case "set-code":
      return setCode.result(signing, signature);
  }
}
