import { type Readable, Transform, type Writable } from "node:stream";
import type { Stream } from "./terms.ts";

/** A vchan's ring: what may be on its way in one direction before the other end has taken it. */
const windowBytes = 65_536;
/** Credit is given back in pieces of this size, so that small messages cost no frames of their own. */
const creditBytes = 16_384;

/** Reads a stream to its end, never more than the window ahead of who takes it. */
export class Outflow {
  private window = windowBytes;
  private readonly waiting: Buffer[] = [];
  private ended = false;
  private readonly source: Readable;
  private readonly send: (chunk: Buffer) => void;

  /** `send` gets an empty chunk at the end, also when the stream fails. */
  constructor(source: Readable, send: (chunk: Buffer) => void) {
    this.source = source;
    this.send = send;
    // At once, not when it is asked for: a stream that fails forgets what it has read.
    source.on("data", (chunk: Buffer) => {
      this.waiting.push(chunk);
      this.pump();
    });
    const end = once(() => {
      this.ended = true;
      this.pump();
    });
    source.on("end", end).on("error", end).on("close", end);
  }

  credit(bytes: number): void {
    this.window += bytes;
    this.pump();
  }

  private pump(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      const size = Math.min(this.window, next.length);
      this.window -= size;
      if (size > 0) this.send(next.subarray(0, size));
      if (size === next.length) continue;
      this.waiting.unshift(next.subarray(size));
      this.source.pause();
      return;
    }
    if (this.ended) this.finish();
    else if (this.source.isPaused()) this.source.resume();
  }

  private readonly finish = once(() => this.send(Buffer.alloc(0)));
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
