import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Failure, systemCode } from "../domain/failure.ts";
import type { ReadRules } from "./store.ts";

/** Files are their owner's alone. */
export const fileMode = 0o600;

const { O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Opens a file, never through a symbolic link. A pipe that somebody put there doesn't make us wait
 * for a writer. @throws Failure `store.refused`
 */
export async function openRefusingLinks(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | O_NOFOLLOW | O_NONBLOCK, fileMode);
  } catch (error) {
    if (systemCode(error) !== "ELOOP") throw error;
    throw new Failure("store.refused", `${path} is a symbolic link`, { cause: error });
  }
}

/** Looks whether an open file is what the rules say. @throws Failure `store.refused` */
export async function checkFile(file: FileHandle, path: string, rules: ReadRules) {
  const status = await file.stat();
  if (!status.isFile()) throw new Failure("store.refused", `${path} is not a regular file`);
  const wide = rules.private === "readable" ? 0o022 : 0o077;
  if (rules.private && (status.mode & wide) !== 0) {
    const mode = (status.mode & 0o777).toString(8);
    const expected = rules.private === "readable" ? "644" : "600";
    throw new Failure("store.refused", `expected mode ${expected} of ${path}, got ${mode}`, {
      hint: `if nobody else has changed it: chmod ${expected} ${path}`,
    });
  }
  const isOurs = status.uid === process.getuid?.();
  if (rules.private && !isOurs && !(rules.private === "readable" && status.uid === 0)) {
    throw new Failure("store.refused", `${path} belongs to another user`);
  }
  if (status.size > rules.bytesMax) throw tooLarge(path, rules.bytesMax);
  return status;
}

/**
 * Reads a file whole: one byte more than allowed, because it can grow after its size was asked.
 * @throws Failure `store.refused`
 */
export async function readWhole(
  file: FileHandle,
  path: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(bytesMax + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
    length += bytesRead;
    if (length > bytesMax) throw tooLarge(path, bytesMax);
    if (bytesRead === 0) return bytes.slice(0, length);
  }
}

function tooLarge(path: string, bytesMax: number): Failure {
  return new Failure("store.refused", `expected at most ${bytesMax} bytes in ${path}`);
}

/** Turns "there is no such file" into a value. */
export function absentAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (systemCode(error) === "ENOENT") return value;
    throw error;
  };
}
