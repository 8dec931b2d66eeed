import { type Readable, Transform, type Writable } from "node:stream";
import type { Stream } from "./terms.ts";

/** A vchan's ring: what may be on its way in one direction before the other end has taken it. */
const windowBytes = 65_536;
/** Credit is given back in pieces of this size, so that small messages cost no frames of their own. */
const creditBytes = 16_384;

/** Reads a stream to its end, never more than the window ahead of who takes it. */
export class Outflow {
  private window = windowBytes;
  private readonly source: Readable;
  private readonly send: (chunk: Buffer) => void;

  /** `send` gets an empty chunk at the end, also when the stream fails. */
  constructor(source: Readable, send: (chunk: Buffer) => void) {
    this.source = source;
    this.send = send;
    const end = once(() => send(Buffer.alloc(0)));
    source.on("readable", () => this.pump()).on("end", end);
    source.on("error", end).on("close", end);
    this.pump();
  }

  credit(bytes: number): void {
    this.window += bytes;
    this.pump();
  }

  private pump(): void {
    for (;;) {
      const size = Math.min(this.window, this.source.readableLength);
      if (size === 0) break;
      const chunk: Buffer | null = this.source.read(size);
      if (chunk === null) return;
      this.window -= chunk.length;
      this.send(chunk);
    }
    // Asks for more, or for the end.
    this.source.read(0);
  }
}

/** Writes to a stream, whose reader may be slow or go away, and tells what was taken. */
export class Inflow {
  private taken = 0;
  private waiting = 0;
  private broken = false;
  private readonly sink: Writable;
  private readonly credit: (bytes: number) => void;
  private whenFlushed: () => void = () => undefined;

  constructor(sink: Writable, credit: (bytes: number) => void = () => undefined) {
    this.sink = sink;
    this.credit = credit;
    const fail = () => {
      this.broken = true;
    };
    sink.on("error", fail).on("close", fail);
  }

  /** What comes after the reader has gone is thrown away. */
  write(chunk: Buffer): void {
    this.waiting++;
    const done = () => {
      this.waiting--;
      this.taken += chunk.length;
      if (this.taken >= creditBytes) {
        this.credit(this.taken);
        this.taken = 0;
      }
      if (this.waiting === 0) this.whenFlushed();
    };
    if (this.broken || this.sink.writableEnded) done();
    else this.sink.write(chunk, done);
  }

  end(): void {
    if (!this.broken && !this.sink.writableEnded) this.sink.end();
  }

  /** Resolves when all that was written has left. */
  flushed(): Promise<void> {
    if (this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenFlushed = resolve;
    });
  }
}

/** Cuts what passes into small pieces, with a pause after each. */
export function chop({ bytesMax, pauseMs }: NonNullable<Stream["chunk"]>): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += bytesMax) {
        this.push(chunk.subarray(at, at + bytesMax));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      done();
    },
  });
}

/** A function that works only the first time. */
export function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
