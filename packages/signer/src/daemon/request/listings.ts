import type { Account } from "../../domain/account.ts";
import type { Address } from "../../domain/address.ts";
import { type Caller, nameOf } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

interface Remembered {
  readonly addresses: readonly Address[];
  /** What there was to choose from, and under which policy. */
  readonly of: string;
  readonly until: number;
}

/**
 * What a person chose to tell whom: clients such as geth ask for the accounts again and again. It
 * holds for the same caller with the same claims, the same accounts and the same policy. Claims only
 * narrow it: another program on the same channel asks anew unless it says the same of itself.
 */
export class Listings {
  private readonly parts: {
    readonly ttlMs: number;
    readonly clock: Clock;
    readonly generation: () => number;
  };
  private readonly remembered = new Map<string, Remembered>();

  /** `ttlMs` 0 remembers nothing, as Clef. */
  constructor(parts: {
    readonly ttlMs: number;
    readonly clock: Clock;
    readonly generation: () => number;
  }) {
    this.parts = parts;
  }

  /** The answer that still holds, or undefined. */
  recall(caller: Caller, accounts: readonly Account[]): readonly Address[] | undefined {
    const found = this.remembered.get(keyOf(caller));
    if (found === undefined) return undefined;
    const holds = this.parts.clock.elapsed() < found.until && found.of === this.basis(accounts);
    return holds ? found.addresses : undefined;
  }

  remember(caller: Caller, accounts: readonly Account[], addresses: readonly Address[]): void {
    const { ttlMs, clock } = this.parts;
    if (ttlMs === 0) return;
    const key = keyOf(caller);
    this.remembered.delete(key);
    const [oldest] = this.remembered.keys();
    if (this.remembered.size >= limits.listingsRemembered && oldest !== undefined) {
      this.remembered.delete(oldest);
    }
    const until = clock.elapsed() + ttlMs;
    this.remembered.set(key, { addresses, of: this.basis(accounts), until });
  }

  private basis(accounts: readonly Account[]): string {
    return JSON.stringify([this.parts.generation(), accounts.map(({ address }) => address)]);
  }
}

/** Ports change from connection to connection, so the remote address is no part of it. */
function keyOf({ identity, claims }: Caller): string {
  return JSON.stringify([nameOf(identity), claims.origin, claims.userAgent, claims.host]);
}
