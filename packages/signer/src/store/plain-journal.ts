import type { FileHandle } from "node:fs/promises";
import type { Journal } from "./store.ts";

/** A file that grows at its end, `length` bytes long so far. */
export class PlainJournal implements Journal {
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
