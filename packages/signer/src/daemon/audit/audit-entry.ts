import { isArray, type JsonObject } from "@cleft/protocol/json.ts";
import type { RecordHead } from "../../ledger/record.ts";

/** One thing that happened: a record, and how it ended if it is an intent or act that has an end. */
export interface AuditEntry {
  /** undefined if the record can't be read. */
  readonly record: JsonObject | undefined;
  readonly end: JsonObject | undefined;
  /** The lines of both as they are on the disk. */
  readonly lines: readonly Uint8Array[];
}

/** Which entries are wanted: the last ones, a request by the beginning of its id, an account. */
export type AuditFilter =
  | { readonly by: "last"; readonly count: number }
  | { readonly by: "request"; readonly prefix: string }
  | { readonly by: "account"; readonly address: string };

/**
 * Follows which records are the end of an earlier one: an outcome that of an intent, a done or a
 * refusal that of an act.
 */
export class Ends {
  private readonly unended = new Set<string>();

  /** Keys of the intents and acts that have no end yet. */
  get open(): ReadonlySet<string> {
    return this.unended;
  }

  /** Takes the next record: a beginning or something by itself is an entry, an end belongs to one. */
  take(record: RecordHead): "entry" | "end" {
    const begun = beginningOf(record);
    if (begun !== undefined) {
      // A refusal of a request that has no act stands for itself.
      return this.unended.delete(begun) || record.type === "outcome" ? "end" : "entry";
    }
    if (isBeginning(record)) this.unended.add(keyOf(record));
    return "entry";
  }
}

function isBeginning(record: RecordHead | undefined): boolean {
  return record?.type === "intent" || record?.type === "act";
}

/** Tells an intent from an act of the same id, whoever wrote them. */
function keyOf({ type, request }: Pick<RecordHead, "type" | "request">): string {
  return `${type} ${request}`;
}

/** The key of what a record may be the end of; undefined if it ends nothing. */
function beginningOf({ type, request }: RecordHead): string | undefined {
  if (type === "outcome") return keyOf({ type: "intent", request });
  return type === "done" || type === "refusal" ? keyOf({ type: "act", request }) : undefined;
}

interface Open {
  readonly key: string | undefined;
  entry: AuditEntry;
  done: boolean;
}

/**
 * Joins ends with their beginnings and keeps the order. An entry waits for its end only as long
 * as there is one, so that no more are held than requests were open at once.
 */
export class Joiner {
  private readonly filter: AuditFilter;
  private readonly open: ReadonlySet<string>;
  private readonly skipped: number;
  private readonly ends = new Ends();
  private count = 0;
  private queue: Open[] = [];

  /** `open`: keys of what has no end; `total`: how many entries there are. */
  constructor(filter: AuditFilter, whole: { open: ReadonlySet<string>; total: number }) {
    this.filter = filter;
    this.open = whole.open;
    this.skipped = filter.by === "last" ? whole.total - filter.count : 0;
  }

  /** Takes the next line and gives the entries that are complete by it. */
  *take(line: Uint8Array, record: RecordHead | undefined): Iterable<AuditEntry> {
    if (record !== undefined && this.ends.take(record) === "end") this.close(record, line);
    else if (this.count++ >= this.skipped && this.wants(record)) {
      const key = record === undefined ? undefined : keyOf(record);
      const done = !isBeginning(record) || this.open.has(key ?? "");
      this.queue.push({ key, done, entry: entryOf(record?.fields, line) });
    }
    while (this.queue[0]?.done === true) yield* this.shift();
  }

  /** Gives what still waits: requests that were open at the end. */
  *rest(): Iterable<AuditEntry> {
    while (this.queue.length > 0) yield* this.shift();
  }

  private shift(): AuditEntry[] {
    return this.queue.splice(0, 1).map(({ entry }) => entry);
  }

  private close(record: RecordHead, line: Uint8Array): void {
    const begun = beginningOf(record);
    const open = this.queue.find((one) => !one.done && one.key === begun);
    if (open === undefined) return;
    open.entry = { ...open.entry, end: record.fields, lines: [...open.entry.lines, line] };
    open.done = true;
  }

  private wants(record: RecordHead | undefined): boolean {
    switch (this.filter.by) {
      case "last":
        return true;
      case "request":
        return record?.request.startsWith(this.filter.prefix) ?? false;
      case "account":
        return record !== undefined && accountsOf(record.fields).includes(this.filter.address);
    }
  }
}

function entryOf(record: JsonObject | undefined, line: Uint8Array): AuditEntry {
  // A line is a view into a chunk, which lives no longer than it is looked at.
  return { record, end: undefined, lines: [Uint8Array.from(line)] };
}

/** The accounts that a record is about. */
function accountsOf(fields: JsonObject): readonly unknown[] {
  const accounts = fields.get("accounts") ?? null;
  return [fields.get("account"), ...(isArray(accounts) ? accounts : [])];
}
