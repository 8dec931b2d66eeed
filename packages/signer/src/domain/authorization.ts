import type { Address } from "./address.ts";
import type { Uint64 } from "./quantity.ts";

/** Leave for the code of `delegate` to act as an account (EIP-7702). */
export interface Authorization {
  /** 0 is every chain. */
  readonly chainId: bigint;
  /** The zero address takes the code away again. */
  readonly delegate: Address;
  /** The account's nonce at which it counts. */
  readonly nonce: Uint64;
}
