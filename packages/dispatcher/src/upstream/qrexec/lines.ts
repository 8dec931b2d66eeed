import { GrowingBytes } from "@cleft/protocol/growing.ts";

const newline = 0x0a;

/** Cuts a stream of bytes into lines of at most `bytesMax`. */
export class Lines {
  private readonly bytesMax: number;
  private readonly kept = new GrowingBytes();

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes a chunk and yields the lines that it completes, without their ends. The chunk has to stay
   * as it is until all have been asked for.
   * @throws RangeError when a line is too long; nothing can be read after it
   */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      this.check(piece);
      if (this.kept.length === 0) {
        yield piece;
        continue;
      }
      this.kept.push(piece);
      yield this.kept.take();
    }
    const rest = chunk.subarray(start);
    this.check(rest);
    if (rest.length > 0) this.kept.push(rest);
  }

  private check(piece: Uint8Array): void {
    if (this.kept.length + piece.length <= this.bytesMax) return;
    throw new RangeError(`expected lines of at most ${this.bytesMax} bytes`);
  }
}
