import type { Clock } from "../../domain/clock.ts";
import { Failure, isSystemError, messageOf, systemCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { Ledger } from "../../ledger/ledger.ts";
import type { ActEntry } from "../../ledger/record.ts";
import { lockFolder } from "../../store/lock.ts";
import type { Store } from "../../store/store.ts";
import { Audit } from "../audit/audit.ts";
import { askDaemon } from "./control-client.ts";

export interface ActParts {
  readonly configDir: string;
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Writes an act of the command line into the ledger; it survives a power cut once this returns. While
 * a signer is running it writes it, because a ledger has one writer.
 * @throws Failure `ledger.unwritable`, `ledger.broken`, `store.refused`: then the act must not happen
 */
export async function recordAct(entry: ActEntry, parts: ActParts): Promise<void> {
  for (let waitedMs = 0; waitedMs <= limits.ledgerTurnMs; waitedMs += limits.ledgerRetryMs) {
    // In another network namespace the lock isn't seen, its socket is.
    if (await recordThere(entry, parts)) return;
    if (await recordHere(entry, parts)) return;
    // Another command holds it, and is done in a moment.
    await new Promise<void>((resolve) => parts.clock.after(limits.ledgerRetryMs, resolve));
  }
  throw new Failure(
    "ledger.unwritable",
    "the act can't be recorded: another cleft has the ledger",
    {
      hint: "nothing was changed; try again once that one has ended",
    },
  );
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
  try {
    await new Audit(configDir, store).verify();
  } catch (error) {
    // There is none yet: the first act makes one.
    if (!(error instanceof Failure && error.code === "usage")) throw error;
  }
}

/** False if another process has the ledger. */
async function recordHere(entry: ActEntry, parts: ActParts): Promise<boolean> {
  const lock = await lockFolder(parts.configDir).catch((error: unknown) => {
    if (isSystemError(error)) throw unwritable(error);
    if (error instanceof Failure && error.code === "instance.running") return undefined;
    throw error;
  });
  if (lock === undefined) return false;
  try {
    const ledger = await Ledger.open(parts.configDir, parts).catch((error: unknown) => {
      throw error instanceof Failure && error.code === "store.failed" ? unwritable(error) : error;
    });
    await ledger.record(entry).finally(() => ledger.close());
    return true;
  } finally {
    await lock.release();
  }
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
