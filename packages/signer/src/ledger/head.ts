import { isObject, JsonNumber, parseJsonBytes } from "@cleft/protocol/json.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Store } from "../store/store.ts";
import type { Link } from "./record.ts";

/** The end of a chain: the number of its last record and the hash of its line. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The end of a chain whose next record has this link. */
export function headOf(link: Link): Head {
  return { seq: link.seq - 1, hash: link.prev };
}

export function encodeHead({ seq, hash }: Head): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ seq, hash }));
}

/**
 * Reads a head file; undefined if there is none. A copy of a ledger may lie on a disk that knows no
 * modes, so only the daemon asks for a `private` one.
 * @throws Failure `ledger.broken` if it is anything but what `encodeHead` writes
 */
export async function readHead(
  store: Store,
  path: string,
  rules: { readonly private: boolean },
): Promise<Head | undefined> {
  const bytes = await store.read(path, { ...rules, bytesMax: limits.ledgerRecordBytesMax });
  if (bytes === undefined) return undefined;
  const head = parseHead(bytes);
  if (head !== undefined && Buffer.from(encodeHead(head)).equals(bytes)) return head;
  throw new Failure("ledger.broken", `${path} can't be read`, {
    hint: "keep it as evidence, and find out who changed it",
  });
}

function parseHead(untrusted: Uint8Array): Head | undefined {
  try {
    const head = parseJsonBytes(untrusted, limits.json);
    if (!isObject(head)) return undefined;
    const [seq, hash] = [head.get("seq"), head.get("hash")];
    if (!(seq instanceof JsonNumber) || typeof hash !== "string") return undefined;
    return { seq: Number(seq.text), hash };
  } catch {
    return undefined;
  }
}

/** Reads a head that somebody noted, `41:` and 64 hex digits; undefined for anything else. */
export function parseNoted(untrusted: string): Head | undefined {
  const [, seq, hash] = /^(0|[1-9]\d{0,14}):([0-9a-f]{64})$/.exec(untrusted) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
