import type { Address } from "./address.ts";
import type { QubeLabel } from "./caller.ts";
import type { Rate } from "./rate.ts";

/** What the operator lets a qube do, called with one profile. */
export interface CallerRule {
  /** The accounts that it may see, and therefore use. */
  readonly accounts: ReadonlySet<Address> | "all";
  /** `deny`: nothing is asked. */
  readonly decision: "ask" | "deny";
  /** The colour that dom0 gave it; a window shows it with the name. */
  readonly label: QubeLabel | undefined;
  /** How often it may ask; undefined is `limits.qubeRate` for a person, and any for a program. */
  readonly rate: Rate | undefined;
}

/** Rules by qube and profile as `callerKey` writes them; `*` is for the qubes that have none. */
export type CallerRules = ReadonlyMap<string, CallerRule>;

/** What holds where nothing is written. */
export const openRule: CallerRule = {
  accounts: "all",
  decision: "ask",
  label: undefined,
  rate: undefined,
};
