import type { Queue } from "../../approval/queue.ts";
import { noKeyFor } from "../../domain/account.ts";
import { type Address, checksummed } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Secret } from "../../domain/secret.ts";
import type { UnlockTerms } from "../../domain/unlock-terms.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ActDetails, ActEntry } from "../../ledger/record.ts";
import type { Vault } from "../../vault/vault.ts";
import { type Lifecycle, locked } from "../lifecycle.ts";
import type { Changed, Status, UnlockedBeside } from "./control-protocol.ts";
import { type Act, type RecordedParts, recorded } from "./recorded.ts";

export interface OperatorParts extends Pick<RecordedParts, "log" | "randomUuid"> {
  readonly lifecycle: Lifecycle;
  readonly queue: Queue;
  readonly vault: Vault;
  readonly ledger: Ledger;
  /** What never changes while it runs. */
  readonly facts: Pick<Status, "pid" | "since" | "http" | "ipc" | "qrexec" | "chains" | "window">;
}

/** Where a command came from. */
type Source = "control" | "signal";

/** THE TABLE of what the operator may tell a running signer. Whatever changes something is recorded. */
export class Operator {
  private readonly parts: OperatorParts;
  /** Acts of commands whose end isn't written down yet. */
  private readonly acting = new Set<string>();
  /** Unlockings under way, which a lock of their account ends as well. */
  private readonly unlocking = new Set<{ readonly account: Address; ended: boolean }>();

  constructor(parts: OperatorParts) {
    this.parts = parts;
  }

  async status(): Promise<Status> {
    const { lifecycle, queue, vault, ledger, facts } = this.parts;
    return {
      ...facts,
      state: lifecycle.state,
      accounts: (await vault.accounts()).length,
      waiting: queue.size,
      unlocked: vault.unlocked().map(({ until, ...grant }) => ({
        ...grant,
        until: new Date(until).toISOString(),
      })),
      ledger: { records: ledger.end.seq - 1, hash: ledger.end.prev },
    };
  }

  /** Locks: what waits is refused, no account stays unlocked, and nothing is signed until unlock. */
  async lock(source: Source): Promise<null> {
    const { lifecycle, queue, vault } = this.parts;
    // First of all, and whatever happens to the record.
    lifecycle.lock();
    vault.lock();
    queue.lock(locked());
    await this.recorded({ caller: source, method: "lock", account: "" });
    return null;
  }

  /**
   * Ends a lock. Accounts stay as they are: each needs its password. Without a lock nothing changes.
   * @throws Failure `signer.locked` if it was locked again before this was recorded, `ledger.…`
   */
  async unlock(source: Source): Promise<Changed> {
    const { lifecycle, queue } = this.parts;
    const { generation, state } = lifecycle;
    if (state !== "locked") return { changed: false };
    await this.recorded({ caller: source, method: "unlock", account: "" }, async () => {
      if (lifecycle.generation !== generation) throw locked();
      queue.unlock();
      lifecycle.unlock();
    });
    return { changed: true };
  }

  /**
   * Ends the unlocking of one account, for every caller; everything else goes on.
   * @throws Failure `account.unknown` if nothing was unlocked and there is no key either, `ledger.…`
   */
  async lockAccount(account: Address): Promise<Changed> {
    const { vault, log } = this.parts;
    // First of all, and whatever happens to the record.
    const ending = [...this.unlocking].filter((one) => one.account === account);
    for (const one of ending) one.ended = true;
    const changed = vault.lockAccount(account) || ending.length > 0;
    if (changed) {
      log.info("An account is locked again", { account: checksummed(account) });
      await this.recorded({ caller: "control", method: "lock", account });
    } else if (!(await vault.accounts()).some(({ address }) => address === account)) {
      throw noKeyFor(account);
    }
    return { changed };
  }

  /**
   * Looks whether an account could be unlocked, before anybody types a password for nothing.
   * @throws Failure `signer.locked`, `account.…`
   */
  async checkUnlock(account: Address): Promise<null> {
    const { lifecycle, vault } = this.parts;
    if (lifecycle.state !== "ready") throw locked();
    await vault.find(account);
    return null;
  }

  /**
   * Unlocks an account for a caller, unless the account is locked before it is done, or whoever asked
   * has gone. Takes the password over. Returns for whom else it is unlocked.
   * @throws Failure of {@link Vault.unlock}, `signer.locked`, `ledger.…`
   */
  async unlockAccount(
    terms: UnlockTerms,
    password: Secret,
    gone: AbortSignal,
  ): Promise<UnlockedBeside> {
    const { lifecycle, vault } = this.parts;
    const { account, caller, forMs, uses } = terms;
    const mine = { account, ended: false };
    this.unlocking.add(mine);
    try {
      const act = { caller: "control", method: "unlock", account } as const;
      const details = { for: caller, forMs: String(forMs), uses: String(uses) };
      let grant = "";
      await this.recorded({ ...act, ...details }, async () => {
        // Nothing may come between this and the vault, which notices a lock from here on.
        if (lifecycle.state !== "ready") throw locked();
        grant = await vault.unlock(terms, password, () => {
          if (mine.ended) throw new Failure("unlock.ended", "the account was locked in between");
          // Whoever interrupted the command believes that nothing is unlocked.
          if (gone.aborted) throw interrupted();
        });
      });
      // It went while the end was written down, and never hears that it was done.
      if (gone.aborted) {
        vault.end(grant);
        await this.recorded({ caller: "control", method: "lock", account });
        throw interrupted();
      }
      const others = vault.unlocked().filter((one) => one.account === account);
      return { beside: others.map((one) => one.caller).filter((name) => name !== caller) };
    } finally {
      this.unlocking.delete(mine);
      password.wipe();
    }
  }

  /**
   * Writes down what a command of the same user does while this process holds the ledger: an act, and
   * the end of one that was written down here.
   * @throws Failure `control.failed`, `ledger.…`
   */
  async record(entry: ActEntry): Promise<null> {
    const { ledger } = this.parts;
    if (entry.type === "act") {
      await ledger.record(entry);
      this.waitForEnd(entry.request);
      return null;
    }
    if (!this.acting.delete(entry.request)) {
      throw new Failure("control.failed", "expected the end of an act that has none yet");
    }
    try {
      await ledger.record(entry);
    } catch (error) {
      // It has no end yet, and may be told again.
      this.waitForEnd(entry.request);
      throw error;
    }
    return null;
  }

  /** Of too many the oldest is forgotten: its command was killed. */
  private waitForEnd(request: string): void {
    this.acting.add(request);
    const [oldest] = this.acting;
    if (this.acting.size > limits.actsOpenMax && oldest !== undefined) this.acting.delete(oldest);
  }

  private recorded(
    act: Act & ActDetails & { readonly caller: Source },
    effect: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { ledger } = this.parts;
    const record = (entry: ActEntry) => ledger.record(entry);
    return recorded(act, effect, { ...this.parts, record });
  }
}

function interrupted(): Failure {
  return new Failure("aborted", "the command was interrupted", {
    hint: "nothing is unlocked; whoever asks keeps the connection open until the answer",
  });
}
