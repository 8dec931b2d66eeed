import { type FileHandle, lstat } from "node:fs/promises";
import { Failure } from "../domain/failure.ts";
import { absentAs, checkFile, fileMode } from "./open-file.ts";
import type { Journal } from "./store.ts";

/** A file that grows at its end, `length` bytes long so far. */
export class PlainJournal implements Journal {
  private readonly file: FileHandle;
  private readonly path: string;
  length: number;

  constructor(file: FileHandle, path: string, length: number) {
    this.file = file;
    this.path = path;
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

  /** The first bytes as text, fewer if there are fewer. */
  async begin(bytes: number): Promise<string> {
    const chunk = new Uint8Array(bytes);
    const { bytesRead } = await this.file.read(chunk, 0, bytes, 0);
    return Buffer.from(chunk.subarray(0, bytesRead)).toString("latin1");
  }

  /** Takes a file of ours from all others: Clef made its log for everybody. @throws Failure `store.refused` */
  async makePrivate(): Promise<void> {
    const { uid, mode, nlink } = await this.file.stat();
    if (nlink > 1) throw this.refuse("has another name (a hard link), so it may be another file");
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) await this.file.chmod(fileMode);
    await checkFile(this.file, this.path, { private: true, bytesMax: Infinity });
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

  async check(): Promise<void> {
    const [open, there] = await Promise.all([
      this.file.stat(),
      lstat(this.path).catch(absentAs(undefined)),
    ]);
    if (there === undefined) throw this.refuse("was removed");
    if (there.ino !== open.ino || there.dev !== open.dev) throw this.refuse("was replaced");
    if (open.size !== this.length) throw this.refuse("was written or cut by somebody else");
  }

  private refuse(what: string): Failure {
    return new Failure("store.refused", `${this.path} ${what}`);
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
