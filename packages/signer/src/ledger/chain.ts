import type { Clock } from "../domain/clock.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import type { Journal, Store } from "../store/store.ts";
import { encodeHead, headOf, readHead } from "./head.ts";
import { type Entry, encodeRecord, type Link, linkAfter } from "./record.ts";

/** What a chain is written with, and where. */
export interface ChainParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly headPath: string;
}

/**
 * The ledger's two files. Each record holds the hash of the one before; the end of the chain is kept
 * in a second file, which may lag behind by the last commit but is never ahead: the records are
 * synced first.
 */
export class Chain {
  private readonly parts: ChainParts;
  private readonly journal: Journal;
  private link: Link;
  private broken: Failure | undefined;

  /** Goes on from `link`, where the records in the journal end. */
  constructor(parts: ChainParts, link: Link) {
    this.parts = parts;
    this.journal = parts.journal;
    this.link = link;
  }

  /** Where the next record goes. */
  get end(): Link {
    return this.link;
  }

  close(): Promise<void> {
    return this.journal.close();
  }

  /**
   * Writes and syncs entries. When it fails, `end` has moved if they stand there all the same.
   * @throws Failure `ledger.unwritable`, `ledger.broken`, of the store
   */
  async commit(entries: readonly Entry[]): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
    await this.journal.check().catch((error: unknown) => {
      throw this.brokenBy(error);
    });
    let link = this.link;
    const records = entries.map((entry) => {
      const record = encodeRecord(entry, link, this.parts.clock.now());
      link = linkAfter(link, record.subarray(0, -1));
      return record;
    });
    const before = { length: this.journal.length, link: this.link };
    await this.append(Buffer.concat(records));
    this.link = link;
    await this.writeHead().catch((error: unknown) => this.takeBack(before, error));
  }

  /** Says in the second file where the chain ends. */
  async writeHead(): Promise<void> {
    await this.parts.store.replace(this.parts.headPath, encodeHead(headOf(this.link)));
  }

  /**
   * A full disk refuses the head, which is a new file, before it refuses an append. What its caller
   * is told was not recorded must not stand there as an intent that nobody ever closes. But if the
   * head did move, and only its sync failed, a shorter ledger would look cut.
   */
  private async takeBack(before: { length: number; link: Link }, error: unknown): Promise<never> {
    const head = await readHead(this.parts.store, this.parts.headPath, { private: true }).catch(
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

/** The failure of a record that could not be written. */
export function unwritable(error: unknown): Failure {
  return new Failure("ledger.unwritable", `the ledger can't be written: ${messageOf(error)}`, {
    hint: "free some space or mend the permissions of the configuration directory",
    cause: error,
  });
}
