import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Head } from "./head.ts";
import { firstLink, type Link, linkAfter, parseRecord, type RecordHead } from "./record.ts";

/** What a whole chain amounts to. */
export interface Chain {
  /** Where the next record goes. */
  readonly link: Link;
  /** Bytes of whole records; what follows was torn off by a crash. */
  readonly length: number;
  /** Requests with an intent and no outcome: signed or not, they count as signed. */
  readonly open: ReadonlySet<string>;
}

/** What else to do on the way through a ledger. */
export interface Companions {
  /** Heads that somebody wrote down elsewhere: they must still be in the chain. */
  readonly noted?: readonly Head[];
  /** Sees each record, after it was found to follow the one before. */
  readonly see?: (record: RecordHead) => void;
}

/**
 * Walks the ledger from its first byte. `head` is what the head file remembers, undefined if there
 * never was one. A last line without its newline is what a crash leaves and is not counted;
 * anything else that doesn't fit is tampering or a broken disk.
 * @throws Failure `ledger.broken` naming the record.
 */
export async function verifyLedger(
  chunks: AsyncIterable<Uint8Array>,
  head: Head | undefined,
  { noted = [], see = () => undefined }: Companions = {},
): Promise<Chain> {
  const open = new Set<string>();
  const marks = [
    ...(head === undefined ? [] : [new Mark(head, "written")]),
    ...noted.map((one) => new Mark(one, "noted")),
  ];
  let link = firstLink;
  let length = 0;
  for (const mark of marks) mark.pass(link);
  for await (const line of linesOf(chunks)) {
    const record = chained(line, link);
    follow(open, record);
    link = linkAfter(link, line);
    length += line.length + 1;
    for (const mark of marks) mark.pass(link);
    see(record);
  }
  if (head === undefined && length > 0) broken("its head file is gone");
  for (const mark of marks) mark.end(link);
  return { link, length, open };
}

/** A head that must be in the chain. */
class Mark {
  private readonly head: Head;
  private readonly how: "written" | "noted";
  private passed = false;

  constructor(head: Head, how: "written" | "noted") {
    this.head = head;
    this.how = how;
  }

  /** The chain has come to `link`. */
  pass(link: Link): void {
    if (this.head.seq !== link.seq - 1) return;
    if (this.head.hash !== link.prev) {
      broken(`record ${this.head.seq} is not the one that was ${this.how}`);
    }
    this.passed = true;
  }

  /** The chain ends at `link`. */
  end(link: Link): void {
    if (this.passed) return;
    broken(`records up to ${this.head.seq} were ${this.how}, ${link.seq - 1} are left`);
  }
}

function chained(line: Uint8Array, expected: Link): RecordHead {
  const record = parseRecord(line);
  if (record === undefined) return broken(`record ${expected.seq} can't be read`);
  if (record.link.seq !== expected.seq) {
    return broken(`expected record ${expected.seq}, got ${record.link.seq}`);
  }
  if (record.link.prev !== expected.prev) {
    const before = expected.seq === 1 ? "the beginning" : `record ${expected.seq - 1}`;
    return broken(`record ${expected.seq} doesn't follow ${before}: one of them was changed`);
  }
  return record;
}

/** An outcome closes the intent of its request, and there is none without. */
function follow(open: Set<string>, { type, request, link }: RecordHead): void {
  if (type === "intent") open.add(request);
  if (type === "outcome" && !open.delete(request)) broken(`record ${link.seq} has no intent`);
}

/**
 * Whole lines, without their newlines. What follows the last newline is left out.
 * @throws Failure `ledger.broken` for a line longer than a record can be
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    let bytes = Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a)) {
      yield bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > limits.ledgerRecordBytesMax) broken("a record has no end");
    rest = Uint8Array.from(bytes);
  }
}

function broken(reason: string): never {
  throw new Failure("ledger.broken", `the ledger doesn't verify: ${reason}`, {
    hint: "keep ledger.jsonl and ledger.head as evidence, find out who changed them, then move both away",
  });
}
