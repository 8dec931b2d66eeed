import { Failure, messageOf } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { ActEntry } from "../ledger/record.ts";

/** What is done, to which account (empty for none), and who does it, as the ledger names them. */
export type Act = Pick<ActEntry, "caller" | "method" | "account">;

export interface RecordedParts {
  /** Writes into the ledger and syncs. */
  readonly record: (entry: ActEntry) => Promise<void>;
  readonly log: Log;
  readonly randomUuid: () => string;
}

/**
 * Writes an act down, lets it happen, and writes down as well if it failed after all. What can't be
 * written down doesn't happen.
 * @throws Failure of `record` and of `effect`
 */
export async function recorded<T>(
  act: Act,
  effect: () => Promise<T>,
  parts: RecordedParts,
): Promise<T> {
  const { record, log, randomUuid } = parts;
  const asked = { request: randomUuid(), ...act };
  await record({ ...asked, type: "act" });
  try {
    return await effect();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The operator hears of the failure itself; that this is not recorded as well is a second one.
    await record({ ...asked, type: "refusal", failure: error.code }).catch((second: unknown) =>
      log.error("A failed act could not be recorded", { reason: messageOf(second) }),
    );
    throw error;
  }
}
