import type { ReadStream } from "node:tty";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import type { Secret } from "../domain/secret.ts";
import type { Input } from "./input.ts";
import { KeyReader } from "./key-reader.ts";
import type { KeyListener, Keys } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";

/** Ambient power of a keyboard. */
export interface KeyboardPowers {
  readonly input: ReadStream;
  readonly clock: Clock;
  /** Writes an echo. */
  readonly echo: (text: string) => void;
  /** Ctrl-C. */
  readonly onInterrupt: () => void;
  /** The terminal is gone. */
  readonly onLost: () => void;
  /** Calls back when the process was stopped and goes on, until the returned function is called. */
  readonly onContinue: (callback: () => void) => () => void;
}

const key = {
  interrupt: 0x03,
  end: 0x04,
  backspace: 0x08,
  newline: 0x0a,
  enter: 0x0d,
  clear: 0x15,
  escape: 0x1b,
  delete: 0x7f,
} as const;

interface Editing {
  readonly feed: (byte: number) => void;
  readonly escape: () => void;
  /** Drops what was typed and returns what to say then. */
  readonly again: () => string;
  readonly end: (failure: Failure) => void;
}

/**
 * A terminal's keyboard in raw mode for its whole life: the terminal itself never echoes, so what
 * is typed while nothing is asked is neither shown nor kept.
 */
export class Keyboard implements Input, Keys {
  readonly isTerminal = true;
  private readonly powers: KeyboardPowers;
  private editing: Editing | undefined;
  private reader: KeyReader | undefined;
  private onListenerContinue: () => void = () => undefined;
  private readonly stopContinuing: () => void;
  private lost = false;

  constructor(powers: KeyboardPowers) {
    this.powers = powers;
    const { input } = powers;
    input.setRawMode(true);
    input.on("data", (chunk: Buffer) => this.take(chunk));
    input.on("end", () => this.lose());
    input.on("error", () => this.lose());
    input.resume();
    this.stopContinuing = powers.onContinue(() => this.goOn());
  }

  line({
    expected,
    dropMs,
    signal,
  }: {
    expected: readonly string[];
    dropMs: number;
    signal: AbortSignal;
  }) {
    const buffer = new LineBuffer();
    const acceptedFrom = this.powers.clock.elapsed() + dropMs;
    let echoed = "";
    const echo = () => {
      const text = buffer.text();
      const lower = text.toLowerCase();
      const isExpected = expected.some((word) => word.toLowerCase().startsWith(lower));
      const shown = isExpected ? text : echoed;
      this.powers.echo(echoOf(echoed, shown));
      echoed = shown;
    };
    return this.edit<string>(signal, (done) => ({
      feed: (byte) => {
        if (this.powers.clock.elapsed() < acceptedFrom) return;
        if (isEnter(byte)) return done(buffer.text());
        typeInto(buffer, byte);
        echo();
      },
      escape: () => {
        if (this.powers.clock.elapsed() >= acceptedFrom) done("");
      },
      again: () => {
        buffer.clear();
        echoed = "";
        return "Type your answer again: ";
      },
    })).finally(() => buffer.clear());
  }

  async secret(signal: AbortSignal): Promise<Secret> {
    const buffer = new LineBuffer();
    try {
      await this.edit<void>(signal, (done, refuse) => ({
        feed: (byte) => (isEnter(byte) ? done() : typeInto(buffer, byte)),
        escape: () => {
          if (buffer.isEmpty) refuse(new Failure("aborted", "no password was given"));
          buffer.clear();
        },
        again: () => {
          buffer.clear();
          return "Type it again (nothing is shown while you type): ";
        },
      }));
      return buffer.secret();
    } finally {
      buffer.clear();
    }
  }

  listen(listener: KeyListener, onContinue: () => void): () => void {
    const reader = new KeyReader(listener, this.powers);
    this.reader = reader;
    this.onListenerContinue = onContinue;
    return () => {
      reader.stop();
      if (this.reader === reader) this.reader = undefined;
    };
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.stopContinuing();
    if (!this.lost) this.powers.input.setRawMode(false);
    this.powers.input.pause();
  }

  private edit<T>(
    signal: AbortSignal,
    editor: (done: (value: T) => void, refuse: (failure: Failure) => void) => Omit<Editing, "end">,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.editing = undefined;
        signal.removeEventListener("abort", abort);
        this.powers.echo("\r\n");
        act();
      };
      const abort = () => settle(() => reject(signal.reason));
      if (this.lost) return reject(gone());
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      const end = (failure: Failure) => settle(() => reject(failure));
      this.editing = { ...editor((value) => settle(() => resolve(value)), end), end };
    });
  }

  /**
   * We were stopped, and the shell has put modes of its own back, in which the terminal echoes. Node
   * sets no mode that it takes for set, so it goes off first. Nobody remembers what was typed before.
   */
  private goOn(): void {
    if (this.lost) return;
    this.powers.input.setRawMode(false);
    this.powers.input.setRawMode(true);
    if (this.reader !== undefined) this.onListenerContinue();
    else if (this.editing !== undefined) this.powers.echo(`\r\n${this.editing.again()}`);
  }

  private take(chunk: Buffer): void {
    if (this.reader === undefined) this.takeLine(chunk);
    else this.reader.take(chunk);
    chunk.fill(0);
  }

  /** An escape sequence (an arrow, a function key) comes in one chunk and means nothing here. */
  private takeLine(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === key.interrupt) this.powers.onInterrupt();
      else if (byte === key.escape) break;
      else if (byte === key.end) this.editing?.feed(key.enter);
      else this.editing?.feed(byte);
    }
    if (chunk.length === 1 && chunk[0] === key.escape) this.editing?.escape();
  }

  private lose(): void {
    if (this.lost) return;
    this.lost = true;
    this.editing?.end(gone());
    this.powers.onLost();
  }
}

function typeInto(buffer: LineBuffer, byte: number): void {
  if (byte === key.delete || byte === key.backspace) buffer.erase();
  else if (byte === key.clear) buffer.clear();
  else if (byte >= 0x20) buffer.add(byte);
}

function isEnter(byte: number): boolean {
  return byte === key.enter || byte === key.newline;
}

/** What turns one echo into another. */
function echoOf(before: string, after: string): string {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  return "\b \b".repeat(before.length - same) + after.slice(same);
}

function gone(): Failure {
  return new Failure("window.lost", "the terminal went away");
}
