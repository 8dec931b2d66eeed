import assert from "node:assert/strict";
import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import type { ChainId } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import { type AccessListed, accessList } from "./access-list.ts";
import { type Blob, blob } from "./blob.ts";
import { type FeeMarket, feeMarket } from "./fee-market.ts";
import { type Legacy, legacy } from "./legacy.ts";
import { type SetCode, setCode } from "./set-code.ts";
import type { TransactionArgs } from "./transaction-args.ts";

/** A transaction, parsed. */
export type Signing = Legacy | AccessListed | FeeMarket | Blob | SetCode;

/** THE LIST of types of transactions; messages have theirs in `messages.ts`. */
const kinds = [legacy, accessList, feeMarket, blob, setCode] as const;

/** Chooses the kind by the type that the arguments ask for and parses them as it. */
export function parseSigning(args: TransactionArgs, chainId: ChainId): Signing {
  const kind = kinds.find(({ type }) => type === args.type);
  assert(kind, "every type is in the list");
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
    case "blob":
      return blob.preimage(signing);
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
    case "blob":
      return blob.result(signing, signature);
    case "set-code":
      return setCode.result(signing, signature);
  }
}
