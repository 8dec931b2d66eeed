import assert from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../domain/clock.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import type { Journal, Store } from "../store/store.ts";
import { RecordedFrames } from "./frames.ts";
import { encodeHead, headOf, readHead } from "./head.ts";
import { RecordedHeaders } from "./headers.ts";
import {
  checkLength,
  type Entry,
  encodeRecord,
  type Link,
  linkAfter,
  type RecordHead,
} from "./record.ts";
import { verifyLedger } from "./verify.ts";

export const ledgerFile = "ledger.jsonl";
export const headFile = "ledger.head";

interface Waiting {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (failure: Failure) => void;
}

/**
 * The durable truth about what was asked, decided and signed. Each record holds the hash of the
 * one before; the end of the chain is kept in a second file, which may lag behind by the last
 * commit but is never ahead: the ledger is synced first.
 */
export class Ledger {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly journal: Journal;
  private readonly headPath: string;
  private link: Link;
  private waiting: Waiting[] = [];
  private committing: Promise<void> | undefined;
  private broken: Failure | undefined;
  private readonly unfinished: Set<string>;
  /** The frames of the last minutes of which there is an intent. */
  readonly frames: RecordedFrames;
  /** The headers of which there is an intent. */
  readonly headers: RecordedHeaders;

  private constructor(
    parts: { store: Store; clock: Clock; journal: Journal; headPath: string },
    chain: { link: Link; open: ReadonlySet<string> },
    { frames, headers }: { frames: RecordedFrames; headers: RecordedHeaders },
  ) {
    this.frames = frames;
    this.headers = headers;
    this.store = parts.store;
    this.clock = parts.clock;
    this.journal = parts.journal;
    this.headPath = parts.headPath;
    this.link = chain.link;
    this.unfinished = new Set(chain.open);
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
      const chain = await verifyLedger(journal.chunks(), head, { see });
      if (chain.length < journal.length) await journal.cut(chain.length);
      const ledger = new Ledger({ store, clock, journal, headPath }, chain, {
        frames,
        headers,
      });
      // From the start, so that a ledger without its head is never right. After a crash it lags.
      if (head?.seq !== headOf(chain.link).seq) await ledger.writeHead();
      return ledger;
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
    return this.link;
  }

  /** Requests with an intent and no outcome: right after opening, those that a crash cut off. */
  get open(): ReadonlySet<string> {
    return this.unfinished;
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.committing;
    await this.journal.close();
  }

  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      const before = this.link;
      this.waiting = [];
      try {
        await this.commit(batch.map(({ entry }) => entry));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const failure = isOurs(error) ? error : unwritable(error);
        for (const { entry, reject } of batch) {
          if (this.link === before) this.unfollow(entry);
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

  private async commit(entries: readonly Entry[]): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
    let link = this.link;
    const records = entries.map((entry) => {
      const record = encodeRecord(entry, link, this.clock.now());
      link = linkAfter(link, record.subarray(0, -1));
      return record;
    });
    const before = { length: this.journal.length, link: this.link };
    await this.append(Buffer.concat(records));
    this.link = link;
    await this.writeHead().catch((error: unknown) => this.takeBack(before, error));
  }

  private async writeHead(): Promise<void> {
    await this.store.replace(this.headPath, encodeHead(headOf(this.link)));
  }

  /**
   * A full disk refuses the head, which is a new file, before it refuses an append. What its caller
   * is told was not recorded must not stand there as an intent that nobody ever closes. But if the
   * head did move, and only its sync failed, a shorter ledger would look cut.
   */
  private async takeBack(before: { length: number; link: Link }, error: unknown): Promise<never> {
    const head = await readHead(this.store, this.headPath, { private: true }).catch(
      () => undefined,
    );
    if (head?.seq !== headOf(before.link).seq) throw unwritable(error);
    if (!(await this.cutBack(before.length))) throw this.brokenBy(error);
    this.link = before.link;
    throw unwritable(error);
  }

  /** A failed sync may have lost the bytes although they can be read: nothing is sure any more. */
  private async append(bytes: Uint8Array): Promise<void> {
    const { length } = this.journal;
    try {
      await this.journal.append(bytes);
      await this.journal.sync();
    } catch (error) {
      if (this.journal.length === length && (await this.cutBack(length))) throw unwritable(error);
      throw this.brokenBy(error);
    }
  }

  /** From now on, and until the next start, nothing is recorded any more. */
  private brokenBy(error: unknown): Failure {
    this.broken = new Failure("ledger.broken", `the ledger failed: ${messageOf(error)}`, {
      hint: "check the disk, then start again",
      cause: error,
    });
    return this.broken;
  }

  private async cutBack(length: number): Promise<boolean> {
    return this.journal.cut(length).then(
      () => true,
      () => false,
    );
  }
}

/** Whether a failure speaks of the ledger already. */
function isOurs(error: unknown): error is Failure {
  return error instanceof Failure && error.code.startsWith("ledger.");
}

function unwritable(error: unknown): Failure {
  return new Failure("ledger.unwritable", `the ledger can't be written: ${messageOf(error)}`, {
    hint: "free some space or mend the permissions of the configuration directory",
    cause: error,
  });
}
