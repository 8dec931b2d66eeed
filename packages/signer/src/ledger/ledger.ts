import assert from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import type { Store } from "../store/store.ts";
import { Chain, unwritable } from "./chain.ts";
import { RecordedFrames } from "./frames.ts";
import { headOf, readHead } from "./head.ts";
import { RecordedHeaders } from "./headers.ts";
import { checkLength, type Entry, type Link, type RecordHead } from "./record.ts";
import { verifyLedger } from "./verify.ts";

export const ledgerFile = "ledger.jsonl";
export const headFile = "ledger.head";

interface Waiting {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (failure: Failure) => void;
}

/**
 * The durable truth about what was asked, decided and signed: a chain of records, and what follows
 * from them.
 */
export class Ledger {
  private readonly chain: Chain;
  private waiting: Waiting[] = [];
  private committing: Promise<void> | undefined;
  private readonly unfinished: Set<string>;
  /** The frames of the last minutes of which there is an intent. */
  readonly frames: RecordedFrames;
  /** The headers of which there is an intent. */
  readonly headers: RecordedHeaders;

  private constructor(
    chain: Chain,
    folds: { open: ReadonlySet<string>; frames: RecordedFrames; headers: RecordedHeaders },
  ) {
    this.chain = chain;
    this.frames = folds.frames;
    this.headers = folds.headers;
    this.unfinished = new Set(folds.open);
  }

  /**
   * Opens the ledger of a folder, verifies all of it and drops a torn last line.
   * @throws Failure `ledger.broken`, `store.refused`
   */
  static async open(folder: string, { store, clock }: { store: Store; clock: Clock }) {
    const headPath = join(folder, headFile);
    const journal = await store.openJournal(join(folder, ledgerFile));
    try {
      const head = await readHead(store, headPath, { private: true });
      const frames = new RecordedFrames(clock);
      const headers = new RecordedHeaders();
      const see = (record: RecordHead) => {
        frames.see(record);
        headers.see(record);
      };
      const { length, link, open } = await verifyLedger(journal.chunks(), head, { see });
      if (length < journal.length) await journal.cut(length);
      const chain = new Chain({ store, clock, journal, headPath }, link);
      // From the start, so that a ledger without its head is never right. After a crash it lags.
      if (head?.seq !== headOf(link).seq) await chain.writeHead();
      return new Ledger(chain, { open, frames, headers });
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  /**
   * Writes an entry; it survives a power cut once this returns. Concurrent entries share one sync.
   * @throws Failure `ledger.unwritable` if nothing or not all could be written; another record may
   *   succeed, but a request has only one outcome. `ledger.broken` once the file can't be trusted
   *   any more, until the next start.
   */
  record(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      checkLength(entry);
      this.follow(entry);
      this.waiting.push({ entry, resolve, reject });
      this.committing ??= this.commitAll();
    });
  }

  /** Where the next record goes. */
  get end(): Link {
    return this.chain.end;
  }

  /** Requests with an intent and no outcome: right after opening, those that a crash cut off. */
  get open(): ReadonlySet<string> {
    return this.unfinished;
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.committing;
    await this.chain.close();
  }

  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      const before = this.chain.end;
      this.waiting = [];
      try {
        await this.chain.commit(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const failure = isOurs(error) ? error : unwritable(error);
        for (const { entry, reject } of batch) {
          if (this.chain.end === before) this.unfollow(entry);
          reject(failure);
        }
      }
    }
    this.committing = undefined;
  }

  /** A second outcome would be a chain that doesn't verify. */
  private follow(entry: Entry): void {
    const { type, request } = entry;
    this.frames.follow(entry);
    this.headers.follow(entry);
    if (type === "intent") this.unfinished.add(request);
    if (type === "outcome") assert(this.unfinished.delete(request), "an outcome needs an intent");
  }

  /** What was taken back never happened. */
  private unfollow({ type, request }: Entry): void {
    if (type === "intent") this.unfinished.delete(request);
    if (type === "outcome") this.unfinished.add(request);
  }
}

/** Whether a failure speaks of the ledger already. */
function isOurs(error: unknown): error is Failure {
  return error instanceof Failure && error.code.startsWith("ledger.");
}
