import type { Address } from "./address.ts";

/** For whom an account is unlocked, for how long (ms) and for how many signatures. */
export interface UnlockTerms {
  readonly account: Address;
  /** A caller's name such as `socket:ipc`, or `any`. */
  readonly caller: string;
  readonly forMs: number;
  readonly uses: number;
}
