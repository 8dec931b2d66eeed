import type { Clock } from "../../domain/clock.ts";
import { Failure, isSystemError, messageOf, systemCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { Ledger } from "../../ledger/ledger.ts";
import type { ActEntry } from "../../ledger/record.ts";
import { type Lock, lockFolder } from "../../store/lock.ts";
import type { Store } from "../../store/store.ts";
import { Audit } from "../audit/audit.ts";
import { askDaemon } from "./control-client.ts";

export interface ActParts {
  readonly configDir: string;
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Writes acts of the command line into the ledger. While a signer is running it writes them, because a
 * ledger has one writer; otherwise lock and ledger are held from the first act until `close`, so that
 * the end of an act finds them as its beginning did.
 */
export class ActRecorder {
  private readonly parts: ActParts;
  private held: { readonly lock: Lock; readonly ledger: Ledger } | undefined;

  constructor(parts: ActParts) {
    this.parts = parts;
  }

  /**
   * Writes down one act, or its end; it survives a power cut once this returns.
   * @throws Failure `ledger.unwritable`, `ledger.broken`, `store.refused`: then the act must not happen
   */
  async record(entry: ActEntry): Promise<void> {
    const { clock } = this.parts;
    for (let waitedMs = 0; waitedMs <= limits.ledgerTurnMs; waitedMs += limits.ledgerRetryMs) {
      // In another network namespace the lock isn't seen, its socket is.
      if (this.held === undefined && (await recordThere(entry, this.parts))) return;
      this.held ??= await this.hold();
      if (this.held !== undefined) return this.held.ledger.record(entry);
      // Another command holds it, and is done in a moment.
      await new Promise<void>((resolve) => clock.after(limits.ledgerRetryMs, resolve));
    }
    throw new Failure(
      "ledger.unwritable",
      "the act can't be recorded: another cleft has the ledger",
      { hint: "nothing was changed; try again once that one has ended" },
    );
  }

  /** Lets whoever comes next write. */
  async close(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    await held?.ledger.close().finally(() => held.lock.release());
  }

  /** Undefined if another process has the ledger. */
  private async hold(): Promise<typeof this.held> {
    const { configDir } = this.parts;
    const lock = await lockFolder(configDir).catch((error: unknown) => {
      if (isSystemError(error)) throw unwritable(error);
      if (error instanceof Failure && error.code === "instance.running") return undefined;
      throw error;
    });
    if (lock === undefined) return undefined;
    try {
      return { lock, ledger: await Ledger.open(configDir, this.parts) };
    } catch (error) {
      await lock.release();
      throw error instanceof Failure && error.code === "store.failed" ? unwritable(error) : error;
    }
  }
}

/**
 * Looks whether the ledger verifies, beside whoever writes to it. An act that is recorded later is
 * checked again: this only spares a person what would be in vain.
 * @throws Failure `ledger.broken`, `store.…`
 */
export async function checkLedger({
  configDir,
  store,
}: Pick<ActParts, "configDir" | "store">): Promise<void> {
  const audit = new Audit(configDir, store);
  // The first act makes one.
  if (await audit.exists()) await audit.verify();
}

/** False if no signer is running. */
async function recordThere(entry: ActEntry, { configDir }: ActParts): Promise<boolean> {
  try {
    await askDaemon(configDir, { command: "record", entry });
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === "control.absent") return false;
    // Whose folder this is, the ledger's own refusal says better.
    if (error instanceof Failure && systemCode(error.cause) === "EACCES") return false;
    throw error;
  }
}

function unwritable(error: unknown): Failure {
  return new Failure("ledger.unwritable", `the act can't be recorded: ${messageOf(error)}`, {
    hint: "nothing was changed; free some space, or name a folder of yours with --configdir",
    cause: error,
  });
}
