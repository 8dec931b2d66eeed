import type { Account } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import { callerKey, type QubeIdentity } from "../domain/caller.ts";
import { type CallerRule, type CallerRules, openRule } from "../domain/caller-rule.ts";

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
