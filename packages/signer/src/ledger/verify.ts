import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
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

/** The end of the chain as the head file remembers it; undefined if there never was one. */
export type Head = { readonly seq: number; readonly hash: string } | undefined;

/**
 * Walks the ledger from its first byte. A last line without its newline is what a crash leaves and
 * is not counted; anything else that doesn't fit is tampering or a broken disk.
 * @throws Failure `ledger.broken` naming the record.
 */
export async function verifyLedger(chunks: AsyncIterable<Uint8Array>, head: Head): Promise<Chain> {
  let link = firstLink;
  let length = 0;
  let headSeen = head === undefined || head.seq === 0;
  const open = new Set<string>();
  for await (const line of linesOf(chunks)) {
    follow(open, chained(line, link), link);
    link = linkAfter(link, line);
    length += line.length + 1;
    if (head?.seq === link.seq - 1) {
      if (head.hash !== link.prev) broken(`record ${head.seq} is not the one that was written`);
      headSeen = true;
    }
  }
  if (head === undefined && length > 0) broken("its head file is gone");
  if (!headSeen) broken(`records up to ${head?.seq} were written, ${link.seq - 1} are left`);
  return { link, length, open };
}

function chained(line: Uint8Array, expected: Link): RecordHead {
  const record = parseRecord(line);
  if (record === undefined) return broken(`record ${expected.seq} can't be read`);
  if (record.link.seq !== expected.seq) {
    return broken(`expected record ${expected.seq}, got ${record.link.seq}`);
  }
  if (record.link.prev !== expected.prev) {
    return broken(`record ${expected.seq} doesn't follow the one before it`);
  }
  return record;
}

/** An outcome closes the intent of its request, and there is none without. */
function follow(open: Set<string>, { type, request }: RecordHead, { seq }: Link): void {
  if (type === "intent") open.add(request);
  if (type === "outcome" && !open.delete(request)) broken(`record ${seq} has no intent`);
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
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
