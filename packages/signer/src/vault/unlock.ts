import type { Address } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { UnlockTerms } from "../domain/unlock-terms.ts";

/** A grant as the operator sees it. `until` is milliseconds since 1970. */
export interface GrantView {
  readonly account: Address;
  readonly caller: string;
  readonly until: number;
  readonly usesLeft: number;
}

interface Grant extends GrantView {
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
  private readonly parts: { readonly clock: Clock; readonly forget: (id: string) => void };
  private readonly grants = new Map<string, Grant>();

  constructor(parts: { readonly clock: Clock; readonly forget: (id: string) => void }) {
    this.parts = parts;
  }

  /** Puts a grant in force, in place of an older one for the same account and caller. */
  add(id: string, { account, caller, forMs, uses }: UnlockTerms): void {
    const { clock } = this.parts;
    this.drop(keyOf(account, caller));
    const cancel = clock.after(forMs, () => this.drop(keyOf(account, caller)));
    const until = clock.now() + forMs;
    this.grants.set(keyOf(account, caller), { id, account, caller, until, usesLeft: uses, cancel });
  }

  /** @throws Failure `unlock.full` when no more keys may be held; one that is replaced takes no room */
  checkRoom({ account, caller }: Pick<UnlockTerms, "account" | "caller">): void {
    if (this.grants.size < limits.grantsMax || this.grants.has(keyOf(account, caller))) return;
    throw new Failure("unlock.full", `expected at most ${limits.grantsMax} unlocked accounts`, {
      hint: "cleft lock ADDRESS ends one of them, cleft lock all",
    });
  }

  /** The id under which the key waits for this caller, or undefined. */
  find(account: Address, caller: string): string | undefined {
    return this.grantFor(account, caller)?.id;
  }

  /** Takes one use of a grant, right before the key is touched. False if it has ended already. */
  use(id: string): boolean {
    const [key, grant] = [...this.grants].find(([, one]) => one.id === id) ?? [];
    if (key === undefined || grant === undefined) return false;
    const holds = this.parts.clock.now() < grant.until && grant.usesLeft > 0;
    if (holds) grant.usesLeft--;
    // The worker forgets the key after the signature that it is about to make: it takes turns.
    if (!holds || grant.usesLeft === 0) this.drop(key);
    return holds;
  }

  /** Ends one grant: its key is gone. */
  end(id: string): void {
    for (const [key, grant] of this.grants) if (grant.id === id) this.drop(key);
  }

  list(): readonly GrantView[] {
    return [...this.grants.values()].map(({ account, caller, until, usesLeft }) => ({
      account,
      caller,
      until,
      usesLeft,
    }));
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
    const now = this.parts.clock.now();
    const own = this.grants.get(keyOf(account, caller)) ?? this.grants.get(keyOf(account, "any"));
    return own !== undefined && now < own.until ? own : undefined;
  }

  private drop(key: string): void {
    const grant = this.grants.get(key);
    if (grant === undefined) return;
    grant.cancel();
    this.grants.delete(key);
    this.parts.forget(grant.id);
  }
}

function keyOf(account: Address, caller: string): string {
  return `${account} ${caller}`;
}
