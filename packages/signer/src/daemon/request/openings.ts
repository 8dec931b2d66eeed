import type { Turn } from "../../approval/queue.ts";
import type { Questions } from "../../approval/window.ts";
import type { Unlocked } from "../../domain/unlock-terms.ts";
import type { Opening } from "../../vault/source/source.ts";
import type { Vault } from "../../vault/vault.ts";

/**
 * What opens an account for the tries of one question. What the question told holds: whoever was
 * promised a password is asked for it, unlocked meanwhile or not, and once it was asked for, the tries
 * that are left ask for it as well.
 */
export class Openings {
  /** Told with the question: no password will be asked for. */
  readonly unlocked: Unlocked | undefined;
  private readonly opened: () => Opening | undefined;
  private needsPassword: boolean;

  /** `caller` is the name of who asks. */
  constructor(vault: Pick<Vault, "unlockedFor">, account: Unlocked["account"], caller: string) {
    this.opened = () => vault.unlockedFor(account, caller)?.opening;
    this.unlocked = vault.unlockedFor(account, caller)?.unlocked;
    this.needsPassword = this.unlocked === undefined;
  }

  /** @throws Failure of the turn */
  async next(turn: Turn, question: Questions["password"]): Promise<Opening> {
    const opening = this.needsPassword ? undefined : this.opened();
    if (opening !== undefined) return opening;
    this.needsPassword = true;
    return turn.ask("password", question);
  }
}
