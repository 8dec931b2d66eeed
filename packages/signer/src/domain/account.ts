import type { Address } from "./address.ts";

/** An account and where its key lies, e.g. `keystore:///home/user/.ethereum/keystore/UTC--…`. */
export interface Account {
  readonly address: Address;
  readonly url: string;
}
