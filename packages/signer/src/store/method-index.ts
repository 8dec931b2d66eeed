import assert from "node:assert/strict";
import { limits } from "../domain/limits.ts";

/**
 * How the file of methods is laid out: a mark, the index, and the signatures. A signature stands on
 * the shelf that the first bits of its selector name, so that the selectors needn't be kept: thirty
 * signatures are read and hashed to find one. The index says where each shelf begins, and where the
 * last one ends; on a shelf, a line feed stands between two signatures.
 */
export type MethodIndex = Uint32Array;

/** First bits of a selector that name its shelf: of 120,000 methods, each shelf has thirty. */
const shelfBits = 12;
const shelves = 1 << shelfBits;

/** Eight bytes; the last one is the version. */
const mark = Buffer.from("Methods1", "latin1");

/** Length of mark and index. */
export const encodedBytes = mark.length + 4 * (shelves + 1);

/** The file that has these methods, each with its selector; the same ones give the same bytes. */
export function encodeMethods(
  methods: Iterable<{ readonly selector: string; readonly signature: string }>,
): Uint8Array {
  const lists = Array.from({ length: shelves }, (): string[] => []);
  for (const { selector, signature } of methods) {
    assert.match(signature, /^[\x21-\x7e]+$/, "a signature is a word");
    lists[shelfNumber(selector)]?.push(signature);
  }
  const texts = lists.map((list) => Buffer.from([...new Set(list)].sort().join("\n"), "latin1"));
  const index = Buffer.alloc(4 * (shelves + 1));
  let at = encodedBytes;
  for (const [shelf, text] of texts.entries()) {
    assert(text.length <= limits.methodShelfBytesMax, "a shelf that can be read");
    index.writeUInt32BE(at, 4 * shelf);
    at += text.length;
  }
  index.writeUInt32BE(at, 4 * shelves);
  return Buffer.concat([mark, index, ...texts]);
}

/** The index of a file that begins like this; undefined if it is none. */
export function decodeIndex(bytes: Buffer): MethodIndex | undefined {
  if (bytes.length !== encodedBytes || !bytes.subarray(0, mark.length).equals(mark)) {
    return undefined;
  }
  const read = (_: unknown, shelf: number) => bytes.readUInt32BE(mark.length + 4 * shelf);
  const index = Uint32Array.from({ length: shelves + 1 }, read);
  const isFine = index.every((at, shelf) => {
    const length = at - (index[shelf - 1] ?? at);
    return length >= 0 && length <= limits.methodShelfBytesMax;
  });
  return isFine && index[0] === encodedBytes ? index : undefined;
}

/** Where in the file a selector's shelf begins and ends. */
export function shelfOf(index: MethodIndex, selector: string): { start: number; end: number } {
  const shelf = shelfNumber(selector);
  return { start: index[shelf] ?? 0, end: index[shelf + 1] ?? 0 };
}

function shelfNumber(selector: string): number {
  assert.match(selector, /^[0-9a-f]{8}$/, "a selector is eight digits");
  return Number.parseInt(selector, 16) >>> (32 - shelfBits);
}
