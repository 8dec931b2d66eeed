import type { Clock } from "../domain/clock.ts";
import { Failure, isSystemError, messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import { Ledger } from "../ledger/ledger.ts";
import type { Entry } from "../ledger/record.ts";
import { type Lock, lockFolder } from "../store/lock.ts";
import type { Store } from "../store/store.ts";

/** What the operator did, or that it failed after all. */
export type ActEntry = Extract<Entry, { type: "act" | "refusal" }>;

export interface ActParts {
  readonly configDir: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes an act of the command line into the ledger; it survives a power cut once this returns.
 * @throws Failure `ledger.unwritable`, `ledger.broken`, `store.refused`: then the act must not happen
 */
export async function recordAct(entry: ActEntry, parts: ActParts): Promise<void> {
  const lock = await takeTurn(parts);
  if (lock === "held") return actWithoutRecord(entry, parts);
  try {
    const ledger = await Ledger.open(parts.configDir, parts);
    await ledger.record(entry).finally(() => ledger.close());
  } finally {
    await lock.release();
  }
}

/** THE PLACE for what happens while another process has the ledger: the operator is told. */
function actWithoutRecord({ type, method, account }: ActEntry, { configDir, log }: ActParts): void {
  if (type !== "act") return;
  log.warn("Another cleft holds the ledger, this act is not in it", { method, account, configDir });
}

/** Another command is done in a moment; a daemon stays. */
async function takeTurn({ configDir, clock }: ActParts): Promise<Lock | "held"> {
  for (let waitedMs = 0; ; waitedMs += limits.ledgerRetryMs) {
    try {
      return await lockFolder(configDir);
    } catch (error) {
      if (isSystemError(error)) throw unwritable(error);
      if (!(error instanceof Failure) || error.code !== "instance.running") throw error;
    }
    if (waitedMs >= limits.ledgerTurnMs) return "held";
    await new Promise<void>((resolve) => clock.after(limits.ledgerRetryMs, resolve));
  }
}

function unwritable(error: unknown): Failure {
  return new Failure("ledger.unwritable", `the act can't be recorded: ${messageOf(error)}`, {
    hint: "nothing was changed; free some space, or name a folder of yours with --configdir",
    cause: error,
  });
}
