import type { Address } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import {
  type GrantChange,
  grantKey,
  type Unlocked,
  type UnlockTerms,
} from "../domain/unlock-terms.ts";

/** What a table of grants needs. */
export interface GrantPowers {
  readonly clock: Clock;
  /** Wipes the key of a grant. */
  readonly forget: (id: string) => void;
  /** Hears of each change, once it holds. */
  readonly changed: (grant: Unlocked, change: GrantChange) => void;
}

interface Grant extends Unlocked {
  readonly id: string;
  readonly cancel: () => void;
  usesLeft: number;
}

/**
 * Who may sign without a password, by account and caller. A grant spares the password, never the
 * question. The key itself waits in the vault worker under the grant's id; when a grant ends, `forget`
 * has it wiped there.
 */
export class Grants {
  private readonly powers: GrantPowers;
  private readonly grants = new Map<string, Grant>();

  constructor(powers: GrantPowers) {
    this.powers = powers;
  }

  /** Puts a grant in force, in place of an older one for the same account and caller. */
  add(id: string, { account, caller, forMs, uses }: UnlockTerms): void {
    const { clock } = this.powers;
    const key = grantKey({ account, caller });
    this.forget(key);
    const cancel = clock.after(forMs, () => this.drop(key));
    const until = clock.now() + forMs;
    const grant = { id, account, caller, until, usesLeft: uses, cancel };
    this.grants.set(key, grant);
    this.powers.changed(termsOf(grant), "begun");
  }

  /** @throws Failure `unlock.full` when no more keys may be held; one that is replaced takes no room */
  checkRoom(terms: Pick<UnlockTerms, "account" | "caller">): void {
    if (this.grants.size < limits.grantsMax || this.grants.has(grantKey(terms))) return;
    throw new Failure("unlock.full", `expected at most ${limits.grantsMax} unlocked accounts`, {
      hint: "cleft lock ADDRESS ends one of them, cleft lock all",
    });
  }

  /** The grant that holds for this caller, and the id under which its key waits; or undefined. */
  find(
    account: Address,
    caller: string,
  ): { readonly id: string; readonly unlocked: Unlocked } | undefined {
    const grant = this.grantFor(account, caller);
    return grant === undefined ? undefined : { id: grant.id, unlocked: termsOf(grant) };
  }

  /** Takes one use of a grant, right before the key is touched. False if it has ended already. */
  use(id: string): boolean {
    const [key, grant] = [...this.grants].find(([, one]) => one.id === id) ?? [];
    if (key === undefined || grant === undefined) return false;
    const holds = this.powers.clock.now() < grant.until && grant.usesLeft > 0;
    if (holds) grant.usesLeft--;
    // The worker forgets the key after the signature that it is about to make: it takes turns.
    if (!holds || grant.usesLeft === 0) this.drop(key);
    else this.powers.changed(termsOf(grant), "used");
    return holds;
  }

  /** Ends one grant: its key is gone. */
  end(id: string): void {
    for (const [key, grant] of this.grants) if (grant.id === id) this.drop(key);
  }

  list(): readonly Unlocked[] {
    this.dropEnded();
    return [...this.grants.values()].map(termsOf);
  }

  /** Ends those of an account, and returns how many there were. */
  revoke(account: Address): number {
    const keys = [...this.grants].flatMap(([key, one]) => (one.account === account ? [key] : []));
    for (const key of keys) this.drop(key);
    return keys.length;
  }

  /** Ends all of them. */
  revokeAll(): void {
    for (const key of [...this.grants.keys()]) this.drop(key);
  }

  private grantFor(account: Address, caller: string): Grant | undefined {
    this.dropEnded();
    const grantOf = (name: string) => this.grants.get(grantKey({ account, caller: name }));
    return grantOf(caller) ?? grantOf("any");
  }

  /** The timers stand still while a machine sleeps, the time of day doesn't. */
  private dropEnded(): void {
    const now = this.powers.clock.now();
    for (const [key, { until }] of [...this.grants]) if (now >= until) this.drop(key);
  }

  private drop(key: string): void {
    const grant = this.forget(key);
    if (grant !== undefined) this.powers.changed(termsOf(grant), "ended");
  }

  private forget(key: string): Grant | undefined {
    const grant = this.grants.get(key);
    grant?.cancel();
    if (grant !== undefined && this.grants.delete(key)) this.powers.forget(grant.id);
    return grant;
  }
}

function termsOf({ account, caller, until, usesLeft }: Grant): Unlocked {
  return { account, caller, until, usesLeft };
}
