import assert from "node:assert/strict";
import { inert } from "@cleft/protocol/inert.ts";
import { Failure, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log, LogFields } from "../domain/log.ts";
import type { Medium } from "../window/layout.ts";
import type { WholeScreen } from "../window/screen.ts";

type Level = 1 | 2 | 3 | 4;
const names: Readonly<Record<Level, string>> = { 1: "ERROR", 2: "WARN ", 3: "INFO ", 4: "DEBUG" };

/** The three places that text goes to. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
  /** Where a person reads questions. */
  readonly terminal: NodeJS.WritableStream;
}

/** What the printer has to know of the place it writes to. */
export interface Place {
  readonly now: () => Date;
  readonly medium: Medium;
  readonly colorBits: number;
  /** Whether log lines appear where questions do; if not, they never have to wait. */
  readonly logIsSeen: boolean;
  readonly onResize: (listener: () => void) => void;
}

/**
 * The only writer of text: results to stdout, questions to the terminal, all else to stderr. Log
 * lines wait while a question is on the screen, so that nothing moves it.
 */
export class Printer implements Log, WholeScreen {
  private readonly streams: Streams;
  private readonly place: Place;
  private level: number = 3;
  private holds = 0;
  private held: string[] = [];
  private dropped = 0;
  private isWhole = false;
  private outError: Error | undefined;
  private readonly recent: string[] = [];
  private logListener: (line: string) => void = () => undefined;

  constructor(streams: Streams, place: Place) {
    this.streams = streams;
    this.place = place;
  }

  get medium(): Medium {
    return this.place.medium;
  }

  get colorBits(): number {
    return this.place.colorBits;
  }

  /** Sets how much is logged: 0 nothing, 1 errors, 2 warnings, 3 information, 4 and more all. */
  setLevel(level: number): void {
    this.level = level;
  }

  /** A result. */
  out(text: string): void {
    this.streams.out.write(`${text}\n`, (error) => {
      if (error) this.outError ??= error;
    });
  }

  /**
   * Waits until all results are written. Whoever stopped reading (`| head`) has what they wanted.
   * @throws Failure `store.failed` if the system refused some: a full disk
   */
  async flushed(): Promise<void> {
    await new Promise<void>((resolve) => this.streams.out.write("", () => resolve()));
    const { outError } = this;
    if (outError !== undefined && systemCode(outError) !== "EPIPE") throw unwritten(outError);
  }

  /** A result that mustn't be lost. @throws Failure `store.failed` if it isn't written whole */
  outWhole(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.streams.out.write(`${text}\n`, (error) =>
        error ? reject(unwritten(error)) : resolve(),
      );
    });
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
    const { held, dropped } = this;
    this.held = [];
    this.dropped = 0;
    // The oldest went: what happened last matters most.
    if (dropped > 0) this.warn("Log lines were dropped", { count: dropped });
    for (const line of held) this.streams.err.write(line);
  }

  enter(): void {
    if (this.isWhole) return;
    this.isWhole = true;
    this.hold();
    this.write(enterScreen);
  }

  reenter(): void {
    if (this.isWhole) this.write(enterScreen);
  }

  leave(): void {
    if (!this.isWhole) return;
    this.isWhole = false;
    this.write(leaveScreen);
    this.release();
  }

  onResize(listener: () => void): void {
    this.place.onResize(listener);
  }

  onLog(listener: (line: string) => void): void {
    this.recent.forEach(listener);
    this.logListener = listener;
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
    const head = `${names[level]}[${timestamp(this.place.now())}] `;
    const line = `${head}${pairs.length === 0 ? text : text.padEnd(40)} ${pairs.join(" ")}`;
    this.emit(line.trimEnd());
  }

  private emit(line: string): void {
    keep(this.recent, line, limits.shownLogLines);
    this.logListener(line);
    if (this.holds === 0 || !this.place.logIsSeen) this.streams.err.write(`${line}\n`);
    else if (keep(this.held, `${line}\n`, limits.heldLinesMax)) this.dropped++;
  }
}

function unwritten(error: Error): Failure {
  return new Failure("store.failed", `stdout can't be written: ${messageOf(error)}`, {
    hint: "free some space, then run the command again",
    cause: error,
  });
}

/** A screen of its own, no cursor, no breaking at its edge, and word of the focus (xterm). */
const enterScreen = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?1004h";
const leaveScreen = "\u001b[0m\u001b[?1004l\u001b[?7h\u001b[?25h\u001b[?1049l";

/** Adds to a list that forgets its oldest, and returns whether it did. */
function keep(list: string[], line: string, max: number): boolean {
  list.push(line);
  return list.length > max && list.shift() !== undefined;
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
