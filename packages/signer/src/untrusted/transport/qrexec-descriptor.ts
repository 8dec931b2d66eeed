import {
  type Descriptor,
  descriptorBytesMax,
  parseDescriptor,
} from "@cleft/protocol/descriptor.ts";
import type { Chunks } from "./chunks.ts";

/**
 * Reads who calls, which qrexec writes before the caller's first byte, joined with it or split.
 * Undefined if there is no such thing: then nobody is known to be there.
 */
export async function readDescriptor(chunks: Chunks): Promise<Descriptor | undefined> {
  let read = Buffer.alloc(0);
  for (;;) {
    const end = read.indexOf(0);
    if (end >= descriptorBytesMax || (end < 0 && read.length >= descriptorBytesMax)) {
      return undefined;
    }
    if (end >= 0) {
      chunks.putBack(read.subarray(end + 1));
      return parseDescriptor(read.toString("latin1", 0, end));
    }
    const chunk = await chunks.next();
    if (chunk === undefined) return undefined;
    read = Buffer.concat([read, chunk]);
  }
}
