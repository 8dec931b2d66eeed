import { inert } from "@cleft/protocol/inert.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";

/** The only writer of text: results to stdout, all else to stderr. One text stays one line. */
export class Printer implements Log {
  private readonly streams: {
    readonly out: NodeJS.WritableStream;
    readonly err: NodeJS.WritableStream;
  };

  constructor(streams: { out: NodeJS.WritableStream; err: NodeJS.WritableStream }) {
    this.streams = streams;
  }

  /** A result of ours. */
  out(text: string): void {
    this.streams.out.write(`${text}\n`);
  }

  /** A result that may hold strangers' words. */
  result(text: string): void {
    this.out(shown(text));
  }

  /** Something that failed, and what to do. */
  error(message: string, hint: string): void {
    this.streams.err.write(`error: ${shown(message)}\nhint: ${shown(hint)}\n`);
  }

  info(text: string): void {
    this.streams.err.write(`${shown(text)}\n`);
  }

  warn(text: string): void {
    this.streams.err.write(`warning: ${shown(text)}\n`);
  }
}

function shown(text: string): string {
  return inert(text, { charsMax: limits.loggedCharsMax, ascii: true });
}
