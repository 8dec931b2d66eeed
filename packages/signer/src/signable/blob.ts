import assert from "node:assert/strict";
import type { Hex } from "@cleft/protocol/hex.ts";
import type { Wei } from "../domain/quantity.ts";
import type { BlobArgs, Proven, SidecarArgs } from "./blob-args.ts";
import { paymentOf } from "./envelope.ts";
import { type FeeMarket, feeMarketParts, feeMarketPrices } from "./fee-market.ts";
import type { Signable } from "./kind.ts";
import type { RlpInput } from "./rlp.ts";
import { typedEncoding } from "./typed.ts";

/** A transaction that pays for blobs (EIP-4844, type 3). */
export interface Blob extends Omit<FeeMarket, "tag"> {
  readonly tag: "blob";
  readonly maxFeePerBlobGas: Wei;
  /** At least one. What is signed are these, not the blobs. */
  readonly hashes: readonly Hex[];
  /** The blobs with their proofs, sent along outside of what is signed. */
  readonly sidecar: Sidecar | undefined;
}

/** Blobs whose proofs are there. */
export interface Sidecar extends Pick<SidecarArgs, "version" | "blobs">, Proven {}

/** Gas of one blob, which has a price of its own. */
const gasPerBlob = 131_072n;

/** The most that the blobs can cost. */
export function blobFeeWei({
  maxFeePerBlobGas,
  hashes,
}: Pick<Blob, "maxFeePerBlobGas" | "hashes">): bigint {
  return maxFeePerBlobGas * gasPerBlob * BigInt(hashes.length);
}

export const blob: Signable<"blob", Blob> = {
  tag: "blob",

  parse(args, chainId) {
    assert(args.blob?.hashes, "the hashes were there or have been computed");
    const { maxFeePerBlobGas, hashes } = args.blob;
    return {
      tag: "blob",
      ...paymentOf(args, chainId),
      ...feeMarketParts(args),
      maxFeePerBlobGas,
      hashes,
      sidecar: sidecarOf(args.blob),
    };
  },

  ...typedEncoding<Blob>({
    type: 3,
    prices: feeMarketPrices.prices,
    fees: (tx) => ({ ...feeMarketPrices.fees(tx), maxFeePerBlobGas: tx.maxFeePerBlobGas }),
    tail: ({ maxFeePerBlobGas, hashes }) => [maxFeePerBlobGas, [...hashes]],
    own: ({ hashes }) => ({ blobVersionedHashes: hashes }),
    wrapped: ({ sidecar }) => (sidecar === undefined ? [] : sidecarFields(sidecar)),
    carried: ({ sidecar }) => (sidecar === undefined ? {} : carriedOf(sidecar)),
  }),
};

function sidecarOf({ sidecar }: BlobArgs): Sidecar | undefined {
  if (sidecar === undefined) return undefined;
  const { version, blobs, proven } = sidecar;
  assert(proven, "the proofs were there or have been computed");
  return { version, blobs, ...proven };
}

/** Behind the signed fields in what is sent to the network; EIP-7594 put its version in front. */
function sidecarFields({ version, blobs, commitments, proofs }: Sidecar): RlpInput[] {
  const lists = [[...blobs], [...commitments], [...proofs]];
  return version === 0 ? lists : [BigInt(version), ...lists];
}

function carriedOf({ blobs, commitments, proofs }: Sidecar) {
  return { blobs, commitments, proofs };
}
