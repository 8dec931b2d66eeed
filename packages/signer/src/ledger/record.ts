import { createHash } from "node:crypto";
import { isObject, JsonNumber, type JsonObject, parseJsonBytes } from "@cleft/protocol/json.ts";
import type { Decider } from "../domain/decider.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** What is known of every request. */
interface Asked {
  readonly request: string;
  readonly caller: string;
  readonly method: string;
  /** Id of the frame in which it came, if it came in one: the same one is never served twice. */
  readonly frame?: string;
}

/** What a transaction moves, in decimal. */
export interface RecordedFacts {
  readonly chainId: string;
  readonly nonce: string;
  readonly to: string;
  readonly valueWei: string;
  readonly feeMaxWei: string;
}

/** With what an act was done. Nothing secret is ever among it. */
export interface ActDetails {
  /** The name that an account gets; empty takes its name away. */
  readonly label?: string;
  /** Where a copy goes: an absolute path, or `stdout`. */
  readonly file?: string;
  /** For whom an account is unlocked, for how long (ms) and for how many signatures. */
  readonly for?: string;
  readonly forMs?: string;
  readonly uses?: string;
}

/** What the window was shown. It may hold a stranger's text. */
export interface RecordedReview {
  /** Its sentence. */
  readonly shown: string;
  /** The call in it, with its arguments. */
  readonly call?: string;
  /** What it warned of. */
  readonly warnings?: readonly string[];
}

/**
 * What happened, as plain data; an intent is written before the key is touched, and has facts if a
 * transaction is signed.
 */
export type Entry =
  | (Asked &
      Partial<RecordedFacts> & {
        readonly type: "intent";
        readonly account: string;
        readonly kind: string;
        /** The number of the block whose header is signed. */
        readonly block?: string;
        /** keccak-256 of the preimage: the number that is signed. */
        readonly preimage: string;
        readonly decider: Decider;
      } & RecordedReview)
  | {
      readonly type: "outcome";
      readonly request: string;
      /** Hash of the signed transaction or of the signature, or false. */
      readonly signed: string | false;
      readonly failure?: FailureCode;
    }
  | (Asked &
      Partial<RecordedReview> & {
        readonly type: "refusal";
        readonly account: string;
        readonly failure: FailureCode;
      })
  | (Asked & { readonly type: "listing"; readonly accounts: readonly string[] })
  /** The operator did something; written before it takes effect. */
  | (Asked & ActDetails & { readonly type: "act"; readonly account: string })
  /** An act took effect. One that failed has a refusal instead, one that was cut off has neither. */
  | { readonly type: "done"; readonly request: string }
  | (Asked & {
      readonly type: "creation";
      readonly account: string;
      readonly decider: Decider;
    });

/** What the operator did, and that it was done, or failed after all. */
export type ActEntry = Extract<Entry, { type: "act" | "done" | "refusal" }>;

/** A place in the chain: the next record must have this number and name this hash. */
export interface Link {
  readonly seq: number;
  readonly prev: string;
}

export const firstLink: Link = { seq: 1, prev: "0".repeat(64) };

/** What a record has besides its entry, bytes: number, time and hash. */
const linkBytesMax = 200;

/** Refuses an entry that could not be read again. @throws Failure `ledger.unwritable` */
export function checkLength(entry: Entry): void {
  const length = Buffer.byteLength(JSON.stringify(entry)) + linkBytesMax;
  if (length <= limits.ledgerRecordBytesMax) return;
  throw new Failure("ledger.unwritable", "the record is too long for the ledger");
}

/** Writes one record, with its newline. `atMs` is milliseconds since 1970. */
export function encodeRecord(entry: Entry, link: Link, atMs: number): Uint8Array {
  const record = { seq: link.seq, at: new Date(atMs).toISOString(), prev: link.prev, ...entry };
  return new TextEncoder().encode(`${JSON.stringify(record)}\n`);
}

/** The link behind a record: the hash is over its line without the newline. */
export function linkAfter(link: Link, line: Uint8Array): Link {
  return { seq: link.seq + 1, prev: createHash("sha256").update(line).digest("hex") };
}

/** What a chain check needs of a record. */
export interface RecordHead {
  readonly link: Link;
  readonly type: string;
  readonly request: string;
  /** All of its fields, as they are on the disk: whoever shows them escapes them. */
  readonly fields: JsonObject;
}

/** Reads one line; undefined if it is no record. */
export function parseRecord(untrustedLine: Uint8Array): RecordHead | undefined {
  if (untrustedLine.length > limits.ledgerRecordBytesMax) return undefined;
  try {
    const record = parseJsonBytes(untrustedLine, limits.json);
    if (!isObject(record)) return undefined;
    const [seq, prev] = [record.get("seq"), record.get("prev")];
    const [type, request] = [record.get("type"), record.get("request")];
    if (!(seq instanceof JsonNumber) || typeof prev !== "string") return undefined;
    if (typeof type !== "string" || typeof request !== "string") return undefined;
    return { link: { seq: Number(seq.text), prev }, type, request, fields: record };
  } catch {
    return undefined;
  }
}
