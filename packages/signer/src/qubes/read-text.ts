import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { Failure, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { FileText } from "./check.ts";

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;

/** A text file as qrexec sees it, links followed, or why it can't be read. */
export async function readText(path: string): Promise<FileText | undefined> {
  try {
    return { text: await readBounded(path, O_RDONLY) };
  } catch (error) {
    return systemCode(error) === "ENOENT" ? undefined : { unreadable: reasonOf(error) };
  }
}

/** The text of the file itself, never of one that a link leads to. @throws Failure `store.refused` */
export function readRefusingLinks(path: string): Promise<string> {
  return readBounded(path, O_RDONLY | O_NOFOLLOW);
}

/**
 * A pipe that somebody put there doesn't make us wait for a writer, and neither a device nor a file
 * without end fills the memory.
 */
async function readBounded(path: string, flags: number): Promise<string> {
  const file = await open(path, flags | O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Failure("store.refused", "it is no file");
    checkSize(status.size);
    const chunks: Buffer[] = [];
    // One byte more than allowed: it can grow after its size was asked.
    const stream = file.createReadStream({ end: limits.installedBytesMax, autoClose: false });
    for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    checkSize(bytes.length);
    return bytes.toString("utf8");
  } finally {
    await file.close();
  }
}

function checkSize(size: number): void {
  const { installedBytesMax: max } = limits;
  if (size > max) throw new Failure("store.refused", `it has more than ${max} bytes`);
}
