import assert from "node:assert/strict";
import { type Approved, redeem as redeemApproval } from "../approval/decide.ts";
import { type Account, noKeyFor, tooManyKeysFor } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import type { Secret } from "../domain/secret.ts";
import type { Signature } from "../domain/signature.ts";
import type { Unlocked, UnlockTerms } from "../domain/unlock-terms.ts";
import type { KeyMaker, KeySource, Opening, Recording } from "./source/source.ts";
import { type GrantPowers, Grants } from "./unlock.ts";

export interface VaultPowers {
  readonly clock: Clock;
  /** Number of the policy in force; an approval under another one is void. */
  readonly generation: () => number;
  /** Names a grant. */
  readonly newId: () => string;
}

/** The one door to the keys. */
export class Vault {
  private readonly sources: readonly KeySource[];
  private readonly maker: KeyMaker;
  private readonly powers: VaultPowers;
  private readonly grants: Grants;
  private onGrant: GrantPowers["changed"] | undefined;

  constructor(
    { sources, maker }: { readonly sources: readonly KeySource[]; readonly maker: KeyMaker },
    powers: VaultPowers,
  ) {
    this.sources = sources;
    this.maker = maker;
    this.powers = powers;
    const forget = (grant: string) => {
      for (const source of sources) source.forget(grant);
    };
    const changed: GrantPowers["changed"] = (grant, change) => this.onGrant?.(grant, change);
    this.grants = new Grants({ clock: powers.clock, forget, changed });
  }

  /** Tells the one listener of each account that is unlocked, of each use of that, and of its end. */
  watch(listener: GrantPowers["changed"]): void {
    assert(this.onGrant === undefined, "one listener hears of grants");
    this.onGrant = listener;
  }

  /** All accounts of all sources, in their order. */
  async accounts(): Promise<readonly Account[]> {
    return (await Promise.all(this.sources.map((source) => source.accounts()))).flat();
  }

  /**
   * Checks that there is exactly one key of an address.
   * @throws Failure `account.unknown`, `account.ambiguous`
   */
  async find(address: Address): Promise<void> {
    await this.locate(address);
  }

  /** What opens an account for a caller without a password, and until when; if it is unlocked. */
  unlockedFor(
    account: Address,
    caller: string,
  ): { readonly opening: Opening; readonly unlocked: Unlocked } | undefined {
    const { id: grant, unlocked } = this.grants.find(account, caller) ?? {};
    return grant === undefined || unlocked === undefined
      ? undefined
      : { opening: { grant }, unlocked };
  }

  /** The accounts that are unlocked. */
  unlocked(): readonly Unlocked[] {
    return this.grants.list();
  }

  /**
   * Unlocks an account: its password isn't asked for as long as the terms hold, unless the signer is
   * locked before it is done, or `wanted`, called then, throws. Takes the password over and wipes it. Returns the
   * name of the unlocking.
   * @throws Failure of `wanted`, `signer.locked`, `account.…`, `password.wrong`, `keyfile.refused`,
   *   `unlock.full`, `vault.failed`
   */
  async unlock(
    terms: UnlockTerms,
    password: Secret,
    wanted: () => void = () => undefined,
  ): Promise<string> {
    const generation = this.powers.generation();
    const check = () => {
      wanted();
      if (this.powers.generation() === generation) return;
      throw new Failure("signer.locked", "the signer was locked in between");
    };
    try {
      this.grants.checkRoom(terms);
      const { source, found } = await this.locate(terms.account);
      const grant = this.powers.newId();
      await source.unlock({ account: found, password, grant, begin: check });
      try {
        check();
        // Another one may have been put in force meanwhile.
        this.grants.checkRoom(terms);
      } catch (error) {
        source.forget(grant);
        throw error;
      }
      this.grants.add(grant, terms);
      return grant;
    } finally {
      password.wipe();
    }
  }

  /** Ends one unlocking, by what {@link Vault.unlock} returned. */
  end(grant: string): void {
    this.grants.end(grant);
  }

  /** Locks an account again, for every caller. False if it wasn't unlocked. */
  lockAccount(account: Address): boolean {
    return this.grants.revoke(account) > 0;
  }

  /** Locks every account again. */
  lock(): void {
    this.grants.revokeAll();
  }

  /**
   * Signs what was approved, once, if it still holds when its turn comes and `check`, called then,
   * doesn't throw. Takes the opening over and wipes a password, whatever happens.
   * @throws Failure `request.expired`, `unlock.ended`, and those of `check` and
   *   {@link KeySource.sign}
   */
  async sign(approved: Approved, opening: Opening, check: () => void): Promise<Signature> {
    let redeemed = false;
    const redeem = () => {
      check();
      redeemApproval(approved, {
        now: this.powers.clock.elapsed(),
        generation: this.powers.generation(),
      });
      if ("grant" in opening) this.useGrant(opening.grant);
      redeemed = true;
    };
    try {
      const { source, found } = await this.locate(approved.account);
      const signature = await source.sign({ approved, account: found, opening, redeem });
      assert(redeemed, "a key source signed without redeeming the approval");
      return signature;
    } catch (error) {
      if (isEnded(error) && "grant" in opening) this.grants.end(opening.grant);
      throw error;
    } finally {
      if ("password" in opening) opening.password.wipe();
    }
  }

  private useGrant(grant: string): void {
    if (this.grants.use(grant)) return;
    throw new Failure("unlock.ended", "the account is not unlocked any more");
  }

  /**
   * Makes a new key. `check` is called when its turn comes and may still refuse. Takes the password
   * over.
   * @throws Failure of `check` and of `recording`, `store.failed`, `vault.failed`
   */
  create(password: Secret, recording: Recording, check: () => void): Promise<Account> {
    return this.maker.create(password, recording, check);
  }

  private async locate(
    address: Address,
  ): Promise<{ readonly source: KeySource; readonly found: Account }> {
    const candidates = await Promise.all(
      this.sources.map(async (source) =>
        (await source.accounts())
          .filter((account) => account.address === address)
          .map((found) => ({ source, found })),
      ),
    );
    const [only, ...others] = candidates.flat();
    if (only === undefined) throw noKeyFor(address);
    if (others.length > 0) throw tooManyKeysFor(address, others.length + 1);
    return only;
  }
}

function isEnded(error: unknown): boolean {
  return error instanceof Failure && error.code === "unlock.ended";
}
