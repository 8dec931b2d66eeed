import assert from "node:assert/strict";
import { inert } from "@cleft/protocol/inert.ts";
import { limits } from "../domain/limits.ts";
import type { Log, LogFields } from "../domain/log.ts";
import type { Medium } from "../window/layout.ts";
import type { Screen } from "../window/terminal.ts";

type Level = 1 | 2 | 3 | 4;
const names: Readonly<Record<Level, string>> = { 1: "ERROR", 2: "WARN ", 3: "INFO ", 4: "DEBUG" };

/** The three places that text goes to. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
  /** Where a person reads questions. */
  readonly terminal: NodeJS.WritableStream;
}

/**
 * The only writer of text: results to stdout, questions to the terminal, all else to stderr. Log
 * lines wait while a question is on the screen, so that nothing moves it.
 */
export class Printer implements Log, Screen {
  private readonly streams: Streams;
  private readonly now: () => Date;
  readonly medium: Medium;
  private level: number = 3;
  private holds = 0;
  private held: string[] = [];
  private dropped = 0;

  constructor(streams: Streams, { now, medium }: { now: () => Date; medium: Medium }) {
    this.streams = streams;
    this.now = now;
    this.medium = medium;
  }

  /** Sets how much is logged: 0 nothing, 1 errors, 2 warnings, 3 information, 4 and more all. */
  setLevel(level: number): void {
    this.level = level;
  }

  /** A result. */
  out(text: string): void {
    this.streams.out.write(`${text}\n`);
  }

  /** A message about a command that failed. */
  err(text: string): void {
    this.streams.err.write(`${text}\n`);
  }

  write(text: string): void {
    this.streams.terminal.write(text);
  }

  hold(): void {
    this.holds++;
  }

  release(): void {
    assert(this.holds > 0, "there is nothing to release");
    if (--this.holds > 0) return;
    for (const line of this.held) this.streams.err.write(line);
    if (this.dropped > 0) this.warn("Log lines were dropped", { count: this.dropped });
    this.held = [];
    this.dropped = 0;
  }

  debug(text: string, fields: LogFields = {}): void {
    this.log(4, text, fields);
  }

  info(text: string, fields: LogFields = {}): void {
    this.log(3, text, fields);
  }

  warn(text: string, fields: LogFields = {}): void {
    this.log(2, text, fields);
  }

  error(text: string, fields: LogFields = {}): void {
    this.log(1, text, fields);
  }

  private log(level: Level, text: string, fields: LogFields): void {
    if (level > this.level) return;
    const pairs = Object.entries(fields).map(([key, value]) => `${key}=${quoted(String(value))}`);
    const head = `${names[level]}[${timestamp(this.now())}] `;
    const line = `${head}${pairs.length === 0 ? text : text.padEnd(40)} ${pairs.join(" ")}`;
    this.emit(`${line.trimEnd()}\n`);
  }

  private emit(line: string): void {
    if (this.holds === 0) this.streams.err.write(line);
    else if (this.held.length < limits.heldLinesMax) this.held.push(line);
    else this.dropped++;
  }
}

/** As Go's logger does: quoted if it isn't one plain word. */
function quoted(value: string): string {
  const shown = inert(value, { charsMax: limits.loggedCharsMax, ascii: true });
  return /^[^\s"=]+$/.test(shown) ? shown : JSON.stringify(shown);
}

/** Local time, e.g. `11-22|06:39:50.321`. */
function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${day}|${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
