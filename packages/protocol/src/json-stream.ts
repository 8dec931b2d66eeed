import { GrowingBytes } from "./growing.ts";

/**
 * Cuts a stream of bytes into JSON values. Clef's channels are framed by value, not by line: two
 * values on one line and one value over many lines are both legal.
 */

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);
const blank = new Set([0x20, 0x09, 0x0a, 0x0d]);
const newline = 0x0a;

/** One cut: a value's bytes, or what had to be thrown away to get back in step. */
export type Cut = { value: Uint8Array } | { skipped: string };

type State = "between" | "value" | "string" | "escape" | "skipping";

/**
 * Feed it chunks, get whole values. It only counts brackets and quotes: what it yields still has
 * to be parsed. After a byte that can't begin an object or array, or a value over `bytesMax`, it
 * drops everything to the end of that line, so that one bad message doesn't end the channel.
 */
export class JsonSplitter {
  private readonly bytesMax: number;
  private readonly kept = new GrowingBytes();
  private depth = 0;
  private state: State = "between";

  constructor({ bytesMax }: { bytesMax: number }) {
    this.bytesMax = bytesMax;
  }

  /** What the value that isn't complete yet takes of the memory, bytes. */
  get held(): number {
    return this.kept.capacity;
  }

  /**
   * Takes a chunk and yields the values that it completes, in order and one by one: a chunk may hold
   * thousands. The chunk is taken in once all have been asked for, and has to stay as it is so long.
   */
  *push(chunk: Uint8Array): Generator<Cut, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const was = this.state;
      this.step(chunk[at] ?? 0);
      if (was === "between") start = at;
      // A piece of its own for every byte would cost more than all the rest.
      if (isOpen(this.state) && this.kept.length + at + 1 - start <= this.bytesMax) continue;
      const cut = this.cutAt(was, chunk.subarray(start, at + 1));
      if (cut !== undefined) yield cut;
    }
    if (isOpen(this.state)) this.kept.push(chunk.subarray(start));
  }

  /** What the last byte ended: a value, or the hope for one. `piece` is the value's end so far. */
  private cutAt(was: State, piece: Uint8Array): Cut | undefined {
    if (was === "between" && this.state === "skipping") {
      return { skipped: "expected a JSON object or array" };
    }
    if (!isOpen(was)) return undefined;
    if (this.state === "skipping") {
      this.reset("between");
      return { skipped: "expected no line break inside a text" };
    }
    if (this.kept.length + piece.length > this.bytesMax) {
      this.reset("skipping");
      return { skipped: `expected a message of at most ${this.bytesMax} bytes` };
    }
    return this.state === "between" ? { value: this.take(piece) } : undefined;
  }

  private take(rest: Uint8Array): Uint8Array {
    this.kept.push(rest);
    const value = this.kept.take();
    this.reset("between");
    return value;
  }

  private reset(state: "between" | "skipping"): void {
    this.kept.clear();
    this.depth = 0;
    this.state = state;
  }

  private step(byte: number): void {
    switch (this.state) {
      case "between":
        if (blank.has(byte)) return;
        this.state = opening.has(byte) ? "value" : "skipping";
        this.depth = opening.has(byte) ? 1 : 0;
        return;
      case "skipping":
        if (byte === newline) this.state = "between";
        return;
      case "string":
        if (byte === quote) this.state = "value";
        if (byte === backslash) this.state = "escape";
        // JSON has no such text: whoever wrote it was cut off, and starts anew behind it.
        if (byte === newline) this.state = "skipping";
        return;
      case "escape":
        this.state = "string";
        return;
      case "value":
        if (byte === quote) this.state = "string";
        if (opening.has(byte)) this.depth++;
        if (closing.has(byte) && --this.depth === 0) this.state = "between";
    }
  }
}

function isOpen(state: State): boolean {
  return state === "value" || state === "string" || state === "escape";
}
