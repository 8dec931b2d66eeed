import { join } from "node:path";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { type Head, headOf, parseNoted, readHead } from "../../ledger/head.ts";
import { headFile, ledgerFile } from "../../ledger/ledger.ts";
import { parseRecord, type RecordHead } from "../../ledger/record.ts";
import { type Chain, linesOf, verifyLedger } from "../../ledger/verify.ts";
import type { Snapshot, Store } from "../../store/store.ts";
import { type AuditEntry, type AuditFilter, Ends, Joiner } from "./audit-entry.ts";

/** What a whole ledger amounts to. Texts come from the disk. */
export interface AuditReport {
  readonly records: number;
  /** Times of the first and the last record, as written; undefined if there is none. */
  readonly firstAt: string | undefined;
  readonly lastAt: string | undefined;
  readonly head: Head;
  /** Requests with an intent and no outcome. */
  readonly open: readonly string[];
  /** Bytes behind the last whole record. */
  readonly tornBytes: number;
  /** Records that the head file doesn't know of yet. */
  readonly unheaded: number;
  /** How often a record is older than the one before. */
  readonly setBack: number;
}

/** What a reader must know of a ledger before it shows any of it. */
interface Survey {
  /** Keys of the intents and acts that have no end. */
  readonly unended: ReadonlySet<string>;
  /** Entries in all: records that aren't the end of another one. */
  readonly total: number;
  /** Why it doesn't verify, if so. */
  readonly fault: Failure | undefined;
}

/**
 * The ledger of a folder, for reading. It takes no lock and changes nothing: a daemon may be writing
 * to it, and a copy may lie on a disk without modes. Nothing of it is held in memory.
 */
export class Audit {
  private readonly folder: string;
  private readonly store: Store;

  constructor(folder: string, store: Store) {
    this.folder = folder;
    this.store = store;
  }

  /** Whether there is one. @throws Failure `store.…` */
  async exists(): Promise<boolean> {
    const file = await this.openFile();
    await file?.close();
    return file !== undefined || (await this.readHead()) !== undefined;
  }

  /**
   * Verifies all of it, and that noted heads (`41:` and 64 hex digits) are still in it.
   * @throws Failure `ledger.broken` naming the record, `usage` if there is no ledger
   */
  async verify(words: readonly string[] = []): Promise<AuditReport> {
    const noted = words.map(noteOf);
    const { seen, chain, head, length } = await this.walk(() => new Times(), noted);
    const end = headOf(chain.link);
    return {
      records: end.seq,
      firstAt: seen.firstAt,
      lastAt: seen.lastAt,
      head: end,
      open: [...chain.open],
      tornBytes: length - chain.length,
      unheaded: end.seq - (head?.seq ?? 0),
      setBack: seen.setBack,
    };
  }

  /**
   * The entries that a filter finds, oldest first. Of a ledger that doesn't verify it gives what can
   * be read, and throws at the end.
   */
  async *entries(filter: AuditFilter): AsyncIterable<AuditEntry> {
    const { unended, total, fault } = await this.survey();
    const joiner = new Joiner(filter, { open: unended, total });
    for await (const line of this.lines()) yield* joiner.take(line, parseRecord(line));
    yield* joiner.rest();
    if (fault !== undefined) throw fault;
  }

  private async survey(): Promise<Survey> {
    try {
      const { seen } = await this.walk(() => new Counter());
      return { unended: seen.unended, total: seen.total, fault: undefined };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "ledger.broken") throw error;
      const counter = new Counter();
      for await (const line of this.lines()) counter.see(parseRecord(line));
      return { unended: counter.unended, total: counter.total, fault: error };
    }
  }

  private async *lines(): AsyncIterable<Uint8Array> {
    const file = await this.openFile();
    try {
      yield* linesOf(file?.chunks() ?? nothing());
    } finally {
      await file?.close();
    }
  }

  /**
   * Walks the chain with a witness. The head is read first: the ledger is synced before its head
   * moves, so what the head names is in the file that is opened afterwards. Where a failed append
   * was just taken back, a reader may see half of two; then the head moves soon, and it looks again.
   */
  private async walk<Witness extends { see(record: RecordHead): void }>(
    witness: () => Witness,
    noted: readonly Head[] = [],
  ): Promise<{ seen: Witness; chain: Chain; head: Head | undefined; length: number }> {
    for (let tries = 1; ; tries++) {
      const head = await this.readHead();
      const file = await this.openFile();
      if (file === undefined && head === undefined) throw noLedger(this.folder);
      const seen = witness();
      try {
        const companions = { noted, see: (record: RecordHead) => seen.see(record) };
        const chain = await verifyLedger(file?.chunks() ?? nothing(), head, companions);
        return { seen, chain, head, length: file?.length ?? 0 };
      } catch (error) {
        const moved = (await this.readHead())?.seq !== head?.seq;
        if (!moved || tries === limits.auditTries) throw error;
      } finally {
        await file?.close();
      }
    }
  }

  private openFile(): Promise<Snapshot | undefined> {
    return this.store.openSnapshot(join(this.folder, ledgerFile));
  }

  private readHead(): Promise<Head | undefined> {
    return readHead(this.store, join(this.folder, headFile), { private: false });
  }
}

/** Notes the times of records. */
class Times {
  firstAt: string | undefined;
  lastAt: string | undefined;
  setBack = 0;

  see({ fields }: RecordHead): void {
    const at = fields.get("at");
    if (typeof at !== "string") return;
    this.firstAt ??= at;
    // ISO 8601 in UTC: the order of texts is the order of times.
    if (this.lastAt !== undefined && at < this.lastAt) this.setBack++;
    this.lastAt = at;
  }
}

/** Counts entries, also in what doesn't verify. */
class Counter {
  private readonly ends = new Ends();
  total = 0;

  get unended(): ReadonlySet<string> {
    return this.ends.open;
  }

  see(record: RecordHead | undefined): void {
    if (record === undefined || this.ends.take(record) === "entry") this.total++;
  }
}

function noteOf(untrusted: string): Head {
  const head = parseNoted(untrusted);
  if (head !== undefined) return head;
  throw new Failure("usage", `expected a head as number:hash, got "${untrusted}"`, {
    hint: "cleft audit head prints one",
  });
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function noLedger(folder: string): Failure {
  return new Failure("usage", `there is no ledger in ${folder}`, {
    hint: "name the directory that holds ledger.jsonl with --configdir",
  });
}
