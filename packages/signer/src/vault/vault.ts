import { type Approved, redeem } from "../approval/decide.ts";
import type { Account } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import type { Secret } from "../domain/secret.ts";
import type { Signature } from "../domain/signature.ts";
import type { KeySource } from "./source/source.ts";

/** The one door to the keys. */
export class Vault {
  private readonly sources: readonly KeySource[];
  private readonly clock: Clock;

  constructor(sources: readonly KeySource[], { clock }: { clock: Clock }) {
    this.sources = sources;
    this.clock = clock;
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

  /**
   * Signs what was approved. `generation` is the policy's number now. Takes the password over and
   * wipes it, whatever happens.
   * @throws Failure `request.expired`, and those of {@link KeySource.sign}
   */
  async sign(
    approved: Approved,
    password: Secret,
    { generation }: { generation: number },
  ): Promise<Signature> {
    try {
      redeem(approved, { now: this.clock.now(), generation });
      const { account, preimage } = approved;
      const { source, found } = await this.locate(account);
      return await source.sign({ account: found, preimage, password });
    } finally {
      password.wipe();
    }
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
    if (only === undefined) throw new Failure("account.unknown", `no key for ${address}`);
    if (others.length > 0) {
      throw new Failure("account.ambiguous", `${others.length + 1} key files for ${address}`, {
        hint: "move all but one of them out of the keystore",
      });
    }
    return only;
  }
}
