import { costWei } from "../domain/quantity.ts";
import { blobFeeWei } from "../signable/blob.ts";
import type { Signing } from "../signable/kinds.ts";
import type { Message } from "../signable/messages.ts";

/** What policy and the ledger need to know, as numbers. */
export interface Facts {
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly to: string;
  readonly valueWei: bigint;
  /** The most that the fee can be. */
  readonly feeMaxWei: bigint;
}

/** What is known of a message as numbers: what an authorization gives away; of others nothing. */
export function factsOfMessage(message: Message): Facts | undefined {
  if (message.tag !== "authorization") return undefined;
  const { chainId, nonce, delegate } = message;
  return { chainId, nonce, to: delegate, valueWei: 0n, feeMaxWei: 0n };
}

/** Reads the facts off what is signed. */
export function factsOf(signing: Signing): Facts {
  const { chainId, nonce, to, value, gas } = signing;
  const price = "maxFeePerGas" in signing ? signing.maxFeePerGas : signing.gasPrice;
  const blobs = signing.tag === "blob" ? blobFeeWei(signing) : 0n;
  return { chainId, nonce, to, valueWei: value, feeMaxWei: costWei(gas, price) + blobs };
}
