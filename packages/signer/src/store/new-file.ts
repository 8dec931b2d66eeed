import { constants } from "node:fs";
import { copyFile, link, mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../domain/failure.ts";
import { fileMode } from "./open-file.ts";

const folderMode = 0o700;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Writes a file beside `path` and returns its name, which `tag` tells from others. Whoever reads the
 * target sees the old file or the new one.
 */
export async function writeBeside(path: string, bytes: Uint8Array, tag: string): Promise<string> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.tmp${tag}`);
  const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await unlink(temporary);
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

const linkless = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Gives a finished file its name, if nobody has that name. A link does both in one step; where the
 * file system has none (FAT), a copy does it, and a crash in between leaves a file that is cut.
 */
export async function linkOrCopy(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!linkless.has(systemCode(error) ?? "")) throw error;
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
    const copy = await open(path, O_RDONLY);
    await copy.sync().finally(() => copy.close());
  }
}

/** Gives a finished file its name, whoever has it, for good. */
export async function moveInto(path: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a folder for its owner alone, and those above it. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: folderMode });
}

/** What was named in a folder survives a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
