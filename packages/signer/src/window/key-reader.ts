import type { Clock } from "../domain/clock.ts";
import { limits } from "../domain/limits.ts";
import type { Key, KeyListener } from "./keys.ts";

/** Ambient power of a key reader. */
export interface KeyReaderPowers {
  readonly clock: Clock;
  /** Ctrl-C, wherever it comes. */
  readonly onInterrupt: () => void;
}

/** Turns a terminal's chunks into keys, and hands them out until it is stopped. */
export class KeyReader {
  private readonly decoder: KeyDecoder;
  private readonly powers: KeyReaderPowers;
  private alone = false;
  private stopped = false;
  private cancel: () => void = () => undefined;

  constructor(listener: KeyListener, powers: KeyReaderPowers) {
    this.powers = powers;
    this.decoder = new KeyDecoder((key, byte) => {
      if (!this.stopped) listener(key, byte, this.alone);
    });
  }

  take(chunk: Uint8Array): void {
    this.cancel();
    this.alone = chunk.length === 1;
    for (const byte of chunk) {
      if (byte === code.interrupt) this.powers.onInterrupt();
      else this.decoder.feed(byte);
    }
    if (!this.decoder.isOpen) return;
    this.cancel = this.powers.clock.after(limits.escapeMs, () => this.decoder.flush());
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }
}

const code = { interrupt: 0x03, escape: 0x1b } as const;
const controls: Readonly<Record<number, Key>> = {
  8: "backspace",
  10: "enter",
  13: "enter",
  21: "clear",
  127: "backspace",
};
/** Last bytes of `ESC [ … x` and `ESC O x`. */
const finals: Readonly<Record<string, Key>> = {
  A: "up",
  B: "down",
  F: "end",
  H: "home",
  I: "focusIn",
  O: "focusOut",
};
/** Numbers of `ESC [ n ~`. */
const numbered: Readonly<Record<number, Key>> = {
  1: "home",
  4: "end",
  5: "pageUp",
  6: "pageDown",
  7: "home",
  8: "end",
};
/** No real sequence is longer; behind that it is no sequence. */
const sequenceBytesMax = 16;

/** Tells keys apart in a terminal's bytes (ECMA-48, xterm). It keeps no text that was typed. */
export class KeyDecoder {
  private readonly emit: (key: Key, byte: number) => void;
  private mode: "ground" | "escape" | "csi" | "ss3" = "ground";
  private number = 0;
  private length = 0;

  constructor(emit: (key: Key, byte: number) => void) {
    this.emit = emit;
  }

  /** Whether an Escape waits that may be a key or the beginning of a sequence. */
  get isOpen(): boolean {
    return this.mode === "escape";
  }

  /** Nothing followed the Escape: it was the key. */
  flush(): void {
    if (this.mode === "escape") this.end("escape");
  }

  feed(byte: number): void {
    if (this.mode === "ground") this.plain(byte);
    else if (this.mode === "escape") this.afterEscape(byte);
    else if (this.mode === "csi") this.inSequence(byte);
    else this.end(finals[String.fromCharCode(byte)] ?? "other");
  }

  private plain(byte: number): void {
    if (byte === code.escape) this.mode = "escape";
    else if (byte >= 0x20 && byte !== 0x7f) this.emit("text", byte);
    else this.emit(controls[byte] ?? "other", 0);
  }

  private afterEscape(byte: number): void {
    this.number = 0;
    this.length = 0;
    if (byte === 0x5b) this.mode = "csi";
    else if (byte === 0x4f) this.mode = "ss3";
    else if (byte === code.escape) this.emit("escape", 0);
    else this.end("other");
  }

  private inSequence(byte: number): void {
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (byte === code.escape) this.mode = "escape";
    else if (byte >= 0x40 && byte <= 0x7e) this.end(this.meaning(byte));
    else if (++this.length > sequenceBytesMax) this.end("other");
    else if (isDigit && this.length <= 2) this.number = this.number * 10 + byte - 0x30;
  }

  private meaning(final: number): Key {
    if (final === 0x7e) return numbered[this.number] ?? "other";
    return finals[String.fromCharCode(final)] ?? "other";
  }

  private end(key: Key): void {
    this.mode = "ground";
    this.emit(key, 0);
  }
}
