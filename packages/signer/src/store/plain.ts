import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { lstat, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure, systemCode } from "../domain/failure.ts";
import { guarded } from "./guarded.ts";
import { linkOrCopy, makeFolder, moveInto, syncFolder, writeBeside } from "./new-file.ts";
import { absentAs, checkFile, openRefusingLinks, readWhole } from "./open-file.ts";
import { PlainJournal } from "./plain-journal.ts";
import type { Store, StoredFile } from "./store.ts";

const { O_RDONLY, O_RDWR, O_CREAT, O_APPEND } = constants;

/** Files as Clef lays them out. `random` names temporary files. */
export function plainStore({ random }: { random: (bytes: number) => string }): Store {
  return {
    list: (folder) =>
      guarded(folder, async () => {
        // As bytes: a name that isn't UTF-8 would come changed, and there would be no such file.
        const options = { withFileTypes: true, encoding: "buffer" } as const;
        const entries = await readdir(folder, options).catch(absentAs([]));
        const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
        const files = await Promise.all(names.map((name) => stamped(folder, name)));
        return files.filter((file) => file !== undefined).sort(byName);
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
        await moveInto(path, await writeBeside(path, bytes, random(6)));
      }),

    create: (path, bytes) =>
      guarded(path, async () => {
        const temporary = await writeBeside(path, bytes, random(6));
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
        const journal = await journalAt(path, O_RDWR | O_CREAT);
        try {
          await syncFolder(dirname(path));
          return journal;
        } catch (error) {
          await journal.close();
          throw error;
        }
      }),

    openSnapshot: (path) =>
      guarded(path, () => journalAt(path, O_RDONLY, { private: false }).catch(absentAs(undefined))),

    append: (path, bytes, { bytesMax, begins }) =>
      guarded(path, async () => {
        const log = await openLog(path, begins);
        if (log.length === 0 || log.length + bytes.length <= bytesMax) return appendTo(log, bytes);
        await log.close();
        await rename(path, `${path}.1`);
        return appendTo(await openLog(path, begins), bytes);
      }),
  };
}

/** Opens a file that grows. */
async function journalAt(
  path: string,
  flags: number,
  rules: { readonly private: boolean } = { private: true },
): Promise<PlainJournal> {
  const file = await openRefusingLinks(path, flags);
  try {
    const { size } = await checkFile(file, path, { ...rules, bytesMax: Infinity });
    return new PlainJournal(file, path, size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The end of a log, wherever it is by then: somebody may cut it to rotate it. A line more would be the
 * end of a key file or of a ledger.
 */
async function openLog(path: string, begins: string): Promise<PlainJournal> {
  const log = await journalAt(path, O_RDWR | O_CREAT | O_APPEND, { private: false });
  try {
    if (log.length > 0 && (await log.begin(begins.length)) !== begins)
      throw anotherFile(path, begins);
    await log.makePrivate();
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

function anotherFile(path: string, begins: string): Failure {
  return new Failure("store.refused", `${path} is another file: it doesn't begin with ${begins}`, {
    hint: "name a file of its own; nothing was written to this one",
  });
}

async function appendTo(log: PlainJournal, bytes: Uint8Array): Promise<void> {
  await log.append(bytes).finally(() => log.close());
}

async function stamped(folder: string, bytes: Buffer): Promise<StoredFile | undefined> {
  if (!isUtf8(bytes)) return { name: spelt(bytes), stamp: undefined };
  const name = bytes.toString("utf8");
  const status = await lstat(join(folder, name)).catch(absentAs(undefined));
  if (status === undefined) return undefined;
  return { name, stamp: `${status.ino}:${status.size}:${status.mtimeMs}:${status.ctimeMs}` };
}

/** A name with its bytes beyond ASCII as `\xff`. */
function spelt(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/[\x80-\xff]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16)}`;
  });
}

function byName(a: StoredFile, b: StoredFile): number {
  return a.name < b.name ? -1 : 1;
}
