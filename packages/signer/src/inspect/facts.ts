import { costWei } from "../domain/quantity.ts";
import { blobFeeWei } from "../signable/blob.ts";
import type { Signing } from "../signable/kinds.ts";

/** What policy and the ledger need to know, as numbers. */
export interface Facts {
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly to: string;
  readonly valueWei: bigint;
  /** The most that the fee can be. */
  readonly feeMaxWei: bigint;
}

/** Reads the facts off what is signed. */
export function factsOf(signing: Signing): Facts {
  const { chainId, nonce, to, value, gas } = signing;
  const price = "maxFeePerGas" in signing ? signing.maxFeePerGas : signing.gasPrice;
  const blobs = signing.tag === "blob" ? blobFeeWei(signing) : 0n;
  return { chainId, nonce, to, valueWei: value, feeMaxWei: costWei(gas, price) + blobs };
}
