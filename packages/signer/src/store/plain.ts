import { constants } from "node:fs";
import {
  copyFile,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  unlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure, isSystemError, messageOf, systemCode } from "../domain/failure.ts";
import type { Journal, ReadRules, Snapshot, Store, StoredFile } from "./store.ts";

const fileMode = 0o600;
const folderMode = 0o700;
const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = constants;

/** Files as Clef lays them out. `random` names temporary files. */
export function plainStore({ random }: { random: (bytes: number) => string }): Store {
  /** Writes beside the target, so that whoever reads it sees the old file or the new one. */
  async function writeBeside(path: string, bytes: Uint8Array): Promise<string> {
    await makeFolder(dirname(path));
    const temporary = join(dirname(path), `.${basename(path)}.tmp${random(6)}`);
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

  return {
    list: (folder) =>
      guarded(folder, async () => {
        const entries = await readdir(folder, { withFileTypes: true }).catch(absentAs([]));
        const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
        const files = await Promise.all(names.sort().map((name) => stamped(folder, name)));
        return files.filter((file) => file !== undefined);
      }),

    read: (path, rules) =>
      guarded(path, async () => {
        const file = await openRefusingLinks(path, O_RDONLY).catch(absentAs(undefined));
        if (file === undefined) return undefined;
        try {
          await checkFile(file, path, rules);
          return await readWhole(file, path, rules.bytesMax);
        } finally {
          await file.close();
        }
      }),

    replace: (path, bytes) =>
      guarded(path, async () => {
        await moveInto(path, await writeBeside(path, bytes));
      }),

    create: (path, bytes) =>
      guarded(path, async () => {
        const temporary = await writeBeside(path, bytes);
        try {
          await linkOrCopy(temporary, path);
        } catch (error) {
          if (systemCode(error) !== "EEXIST") throw error;
          throw new Failure("store.refused", `file ${path} already exists`, { cause: error });
        } finally {
          await unlink(temporary);
        }
        await syncFolder(dirname(path));
      }),

    openJournal: (path) =>
      guarded(path, async () => {
        await makeFolder(dirname(path));
        const file = await openRefusingLinks(path, O_RDWR | O_CREAT);
        try {
          const { size } = await checkFile(file, path, { bytesMax: Infinity, private: true });
          await syncFolder(dirname(path));
          return new PlainJournal(file, size);
        } catch (error) {
          await file.close();
          throw error;
        }
      }),

    openSnapshot: (path) =>
      guarded(path, async (): Promise<Snapshot | undefined> => {
        const file = await openRefusingLinks(path, O_RDONLY).catch(absentAs(undefined));
        if (file === undefined) return undefined;
        try {
          const { size } = await checkFile(file, path, { bytesMax: Infinity, private: false });
          return new PlainJournal(file, size);
        } catch (error) {
          await file.close();
          throw error;
        }
      }),

    append: (path, bytes, { bytesMax }) =>
      guarded(path, async () => {
        const log = await openLog(path);
        if (log.length === 0 || log.length + bytes.length <= bytesMax) return appendTo(log, bytes);
        await log.close();
        await rename(path, `${path}.1`);
        return appendTo(await openLog(path), bytes);
      }),
  };
}

/** What the system refuses is an expected failure: a full disk, a lost permission, a dead device. */
async function guarded<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure("store.failed", `${path}: ${messageOf(error)}`, { cause: error });
  }
}

class PlainJournal implements Journal {
  private readonly file: FileHandle;
  length: number;

  constructor(file: FileHandle, length: number) {
    this.file = file;
    this.length = length;
  }

  async *chunks(): AsyncIterable<Uint8Array> {
    const chunk = new Uint8Array(64 * 1024);
    for (let at = 0; at < this.length; ) {
      const wanted = Math.min(chunk.length, this.length - at);
      const { bytesRead } = await this.file.read(chunk, 0, wanted, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield chunk.slice(0, bytesRead);
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const at = this.length + done;
        done += (await this.file.write(bytes, done, bytes.length - done, at)).bytesWritten;
      }
      this.length += bytes.length;
    } catch (error) {
      await this.file.truncate(this.length);
      throw error;
    }
  }

  sync(): Promise<void> {
    return this.file.datasync();
  }

  async cut(length: number): Promise<void> {
    await this.file.truncate(length);
    await this.file.datasync();
    this.length = length;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The end of a log, wherever it is by then: somebody may cut it to rotate it. */
async function openLog(path: string): Promise<PlainJournal> {
  await makeFolder(dirname(path));
  const file = await openRefusingLinks(path, O_WRONLY | O_CREAT | O_APPEND);
  try {
    const { size } = await checkFile(file, path, { bytesMax: Infinity, private: true });
    return new PlainJournal(file, size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function appendTo(log: PlainJournal, bytes: Uint8Array): Promise<void> {
  await log.append(bytes).finally(() => log.close());
}

/** O_NONBLOCK: a pipe that somebody put there must not make us wait for a writer. */
async function openRefusingLinks(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | O_NOFOLLOW | O_NONBLOCK, fileMode);
  } catch (error) {
    if (systemCode(error) !== "ELOOP") throw error;
    throw new Failure("store.refused", `${path} is a symbolic link`, { cause: error });
  }
}

async function checkFile(file: FileHandle, path: string, rules: ReadRules) {
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

/** Reads one byte more than allowed, because a file can grow after its size was asked. */
async function readWhole(file: FileHandle, path: string, bytesMax: number): Promise<Uint8Array> {
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

async function stamped(folder: string, name: string): Promise<StoredFile | undefined> {
  const status = await lstat(join(folder, name)).catch(absentAs(undefined));
  if (status === undefined) return undefined;
  return { name, stamp: `${status.ino}:${status.size}:${status.mtimeMs}:${status.ctimeMs}` };
}

const linkless = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Gives a finished file its name, if nobody has that name. A link does both in one step; where the
 * file system has none (FAT), a copy does it, and a crash in between leaves a file that is cut.
 */
async function linkOrCopy(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!linkless.has(systemCode(error) ?? "")) throw error;
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
    const copy = await open(path, O_RDONLY);
    await copy.sync().finally(() => copy.close());
  }
}

async function moveInto(path: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: folderMode });
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Turns "there is no such file" into a value. */
function absentAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (systemCode(error) === "ENOENT") return value;
    throw error;
  };
}
