import { Failure, messageOf } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { ActDetails, ActEntry } from "../../ledger/record.ts";

/** What is done, to which account (empty for none), and who does it, as the ledger names them. */
export type Act = Pick<Extract<ActEntry, { type: "act" }>, "caller" | "method" | "account">;

export interface RecordedParts {
  /** Writes into the ledger and syncs. */
  readonly record: (entry: ActEntry) => Promise<void>;
  readonly log: Log;
  readonly randomUuid: () => string;
}

/**
 * Writes an act down, lets it happen, and writes down as well that it did, or that it failed after
 * all. What can't be written down doesn't happen.
 * @throws Failure of `record` and of `effect`
 */
export async function recorded<T>(
  act: Act & ActDetails,
  effect: () => Promise<T>,
  parts: RecordedParts,
): Promise<T> {
  const { record, log, randomUuid } = parts;
  const { caller, method, account } = act;
  const request = randomUuid();
  await record({ request, ...act, type: "act" });
  // The operator hears of the end itself; that it is not recorded as well is something else.
  const end = (entry: ActEntry) =>
    record(entry).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      log.error("The end of an act could not be recorded", { reason: messageOf(error) });
    });
  try {
    const result = await effect();
    await end({ type: "done", request });
    return result;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const asked = { request, caller, method, account };
    await end({ ...asked, type: "refusal", failure: error.code });
    throw error;
  }
}
