import type { Address } from "./address.ts";

/** For whom an account is unlocked, for how long (ms) and for how many signatures. */
export interface UnlockTerms {
  readonly account: Address;
  /** A caller's name such as `socket:ipc`, or `any`. */
  readonly caller: string;
  readonly forMs: number;
  readonly uses: number;
}

/** What became of an unlocking. */
export type GrantChange = "begun" | "used" | "ended";

/** What holds of an unlocked account: until when (ms since 1970), and how many signatures are left. */
export interface Unlocked {
  readonly account: Address;
  readonly caller: string;
  readonly until: number;
  readonly usesLeft: number;
}

/** Tells the unlockings of one account for one caller from all others. */
export function grantKey({ account, caller }: Pick<UnlockTerms, "account" | "caller">): string {
  return `${account} ${caller}`;
}
