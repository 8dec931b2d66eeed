import type { Account } from "../../domain/account.ts";
import type { Address } from "../../domain/address.ts";
import { type Caller, nameOf } from "../../domain/caller.ts";
import { type CallerRule, type CallerRules, openRule } from "../../domain/caller-rule.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Decider } from "../../domain/decider.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { formatRate, type Rate } from "../../domain/rate.ts";
import { ruleOf, seenOf, sees } from "../../policy/caller-rules.ts";

/**
 * What qubes may do, and how often they did it. Other callers are bound by the window alone: nobody
 * tells them apart.
 */
export class Callers {
  private readonly rules: CallerRules;
  private readonly clock: Clock;
  /** When each caller was counted, ms by the clock that nobody sets. */
  private readonly counted = new Map<string, number[]>();
  /** What a person refused, and until when that holds, likewise. */
  private readonly noes = new Map<string, number>();

  constructor({ rules, clock }: { rules: CallerRules; clock: Clock }) {
    this.rules = rules;
    this.clock = clock;
  }

  /** @throws Failure `caller.denied` */
  check(caller: Caller): void {
    this.ruleFor(caller);
  }

  /** The accounts that it may know of. @throws Failure `caller.denied` */
  seen(caller: Caller, accounts: readonly Account[]): readonly Account[] {
    return seenOf(this.ruleFor(caller), accounts);
  }

  /** Of what a window chose, what it may know of: a window may answer with a list of its own. */
  told(caller: Caller, addresses: readonly Address[]): readonly Address[] {
    const rule = this.ruleFor(caller);
    return addresses.filter((address) => sees(rule, address));
  }

  /**
   * Whether it may use an account. What it may not see it can't tell from what doesn't exist: both
   * are refused here, before anything is looked up.
   * @throws Failure `caller.denied`, `account.unknown`
   */
  checkAccount(caller: Caller, account: Address): void {
    if (sees(this.ruleFor(caller), account)) return;
    throw new Failure("account.unknown", `${nameOf(caller.identity)} may not see ${account}`);
  }

  /**
   * Counts a question, and refuses one that a person refused a moment ago: asking again and again
   * until a tired finger slips is no way to a yes. `about` tells one question from another.
   * @throws Failure `caller.denied`, `rate.exceeded`, `request.denied`
   */
  question(caller: Caller, about: string, decider: Decider): void {
    const rule = this.ruleFor(caller);
    if (decider !== "person" || caller.identity.kind !== "qube") return;
    const until = this.noes.get(keyOf(caller, about));
    if (until !== undefined && this.clock.elapsed() < until) {
      throw new Failure("request.denied", "a person refused the same a moment ago");
    }
    this.count(nameOf(caller.identity), rule.rate ?? limits.qubeRate);
  }

  /** Counts a key derivation that no person was asked about. @throws Failure `rate.exceeded` */
  derivation(caller: Caller, decider: Decider): void {
    if (decider === "person" || caller.identity.kind !== "qube") return;
    const { rate } = this.ruleFor(caller);
    if (rate !== undefined) this.count(nameOf(caller.identity), rate);
  }

  /** Counts work on blobs, which begins before anybody is asked. @throws Failure `rate.exceeded` */
  blobWork(caller: Caller, decider: Decider): void {
    const rule = this.ruleFor(caller);
    if (caller.identity.kind !== "qube") return;
    const rate = rule.rate ?? (decider === "person" ? limits.qubeRate : undefined);
    if (rate !== undefined) this.count(`${nameOf(caller.identity)} blobs`, rate);
  }

  /** The window said no: a person's holds for a while. */
  refused(caller: Caller, about: string, decider: Decider): void {
    if (decider !== "person" || caller.identity.kind !== "qube") return;
    const now = this.clock.elapsed();
    for (const [key, until] of this.noes) if (until <= now) this.noes.delete(key);
    this.noes.set(keyOf(caller, about), now + limits.noRememberedMs);
  }

  private ruleFor({ identity }: Caller): CallerRule {
    if (identity.kind !== "qube") return openRule;
    const rule = ruleOf(identity, this.rules);
    if (rule?.decision === "ask") return rule;
    throw new Failure("caller.denied", "cleft.toml denies what this qube asks");
  }

  private count(name: string, { count, perMs }: Rate): void {
    const now = this.clock.elapsed();
    const times = (this.counted.get(name) ?? []).filter((time) => now - time < perMs);
    if (times.length >= count) {
      const rate = formatRate({ count, perMs });
      throw new Failure("rate.exceeded", `${name} asks more often than ${rate}`, {
        hint: 'its "rate" in cleft.toml',
      });
    }
    this.counted.set(name, [...times, now]);
    // No rate looks back further, and disposables come under ever new names.
    for (const [other, all] of this.counted) {
      if (now - (all.at(-1) ?? 0) > limits.rateMsMax) this.counted.delete(other);
    }
  }
}

function keyOf(caller: Caller, about: string): string {
  return `${nameOf(caller.identity)} ${about}`;
}
