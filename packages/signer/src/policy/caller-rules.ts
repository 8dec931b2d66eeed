import type { Account } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import { callerKey, type QubeIdentity, type QubeLabel } from "../domain/caller.ts";
import { limits } from "../domain/limits.ts";
import type { Rate } from "../domain/rate.ts";

/** What the operator lets a qube do, called with one profile. */
export interface CallerRule {
  /** The accounts that it may see, and therefore use. */
  readonly accounts: ReadonlySet<Address> | "all";
  /** `deny`: nothing is asked. */
  readonly decision: "ask" | "deny";
  /** The colour that dom0 gave it; a window shows it with the name. */
  readonly label: QubeLabel | undefined;
  /** How often it may ask a person. Written down, it also counts key derivations for a program. */
  readonly rate: Rate;
  readonly isRateSaid: boolean;
}

/** Rules by qube and profile as {@link callerKey} writes them; `*` is for the qubes that have none. */
export type CallerRules = ReadonlyMap<string, CallerRule>;

/** What holds where nothing is written: a person is asked, and not for ever. */
export const openRule: CallerRule = {
  accounts: "all",
  decision: "ask",
  label: undefined,
  rate: limits.qubeRate,
  isRateSaid: false,
};

/**
 * The rule for a caller, undefined if it may not call. A profile is only for whom it is written: it
 * says what dom0 lets the qube ask for.
 */
export function ruleOf(
  { qube, profile }: Pick<QubeIdentity, "qube" | "profile">,
  rules: CallerRules,
): CallerRule | undefined {
  const own = rules.get(callerKey({ qube, profile }));
  if (own !== undefined) return own;
  return profile === "" ? (rules.get("*") ?? openRule) : undefined;
}

/** Whether a rule lets an account be seen. */
export function sees({ accounts }: CallerRule, address: Address): boolean {
  return accounts === "all" || accounts.has(address);
}

/** The accounts that a rule lets be seen. */
export function seenOf(rule: CallerRule, accounts: readonly Account[]): readonly Account[] {
  return accounts.filter(({ address }) => sees(rule, address));
}
