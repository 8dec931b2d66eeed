import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Failure } from "../domain/failure.ts";
import { guarded } from "./guarded.ts";
import { decodeIndex, encodedBytes, type MethodIndex, shelfOf } from "./method-index.ts";

/**
 * The file of methods, which comes with the program. It stays open, and only its index is kept in
 * memory: a look-up reads the few signatures that stand where its selector would.
 */
export class MethodFile {
  private readonly file: FileHandle;
  private readonly index: MethodIndex;

  private constructor(file: FileHandle, index: MethodIndex) {
    this.file = file;
    this.index = index;
  }

  /** @throws Failure `store.failed` if it can't be read, `store.refused` if it is damaged */
  static async open(path: string): Promise<MethodFile> {
    return guarded(path, async () => {
      const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return new MethodFile(file, await readIndex(file, path));
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /**
   * The signatures of all methods whose selectors begin like this one, hex without `0x`. None of
   * them is promised to have it: whoever uses one hashes it.
   * @throws Failure `store.failed`
   */
  async near(selector: string): Promise<readonly string[]> {
    const { start, end } = shelfOf(this.index, selector);
    const text = await guarded("the file of methods", () => readAt(this.file, start, end - start));
    return text.length === 0 ? [] : text.toString("latin1").split("\n");
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function readIndex(file: FileHandle, path: string): Promise<MethodIndex> {
  const status = await file.stat();
  const damaged = () => new Failure("store.refused", `${path} is damaged`);
  if (!status.isFile()) throw damaged();
  const index = decodeIndex(await readAt(file, 0, Math.min(status.size, encodedBytes)));
  if (index === undefined || index.at(-1) !== status.size) throw damaged();
  return index;
}

/** So many bytes, or as many as there are. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
