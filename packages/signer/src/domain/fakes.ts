import { type Address, parseAddress } from "./address.ts";
import type { Caller } from "./caller.ts";
import type { Clock } from "./clock.ts";
import { Failure, type FailureCode } from "./failure.ts";
import type { FindingsMode, FindingsModes } from "./finding.ts";
import type { Log, LogFields } from "./log.ts";

/** A clock that stands still until `advance` moves it and calls what is due, in order. */
export class FakeClock implements Clock {
  private at: number;
  private setMs = 0;
  private timers = new Map<object, { readonly due: number; readonly callback: () => void }>();

  constructor(at = Date.UTC(2026, 10, 25)) {
    this.at = at;
  }

  now(): number {
    return this.at + this.setMs;
  }

  elapsed(): number {
    return this.at;
  }

  /** Sets the time of day, forward or back; no time passes. */
  set(byMs: number): void {
    this.setMs += byMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = {};
    this.timers.set(timer, { due: this.at + delayMs, callback });
    return () => void this.timers.delete(timer);
  }

  /** How many callbacks wait. */
  get waiting(): number {
    return this.timers.size;
  }

  advance(ms: number): void {
    this.at += ms;
    const due = [...this.timers].filter(([, timer]) => timer.due <= this.at);
    for (const [timer, { callback }] of due.sort(([, one], [, other]) => one.due - other.due)) {
      if (this.timers.delete(timer)) callback();
    }
  }
}

/** Remembers what was logged, as `level text`. */
export class FakeLog implements Log {
  readonly lines: string[] = [];
  readonly fields: LogFields[] = [];
  debug = (text: string, fields: LogFields = {}) => this.add("debug", text, fields);
  info = (text: string, fields: LogFields = {}) => this.add("info", text, fields);
  warn = (text: string, fields: LogFields = {}) => this.add("warn", text, fields);
  error = (text: string, fields: LogFields = {}) => this.add("error", text, fields);

  private add(level: string, text: string, fields: LogFields): void {
    this.lines.push(`${level} ${text}`);
    this.fields.push(fields);
  }
}

/** An address whose digits all are `digit`. */
export function addressOf(digit: string): Address {
  const address = parseAddress(`0x${digit.repeat(40)}`);
  if (address === undefined) throw new Error(`no hex digit: ${digit}`);
  return address;
}

/** A caller on loopback that claims nothing, or `claims`. */
export function callerWith(claims: Partial<Caller["claims"]> = {}): Caller {
  return {
    identity: { kind: "loopback", listener: "default" },
    claims: { remote: "127.0.0.1:5000", host: "", origin: "", userAgent: "", ...claims },
  };
}

/** A caller on the IPC socket, as its transport names it. */
export const socketCaller: Caller = {
  identity: { kind: "socket", name: "ipc" },
  claims: { remote: "NA", host: "NA", origin: "", userAgent: "" },
};

/** What an `expect(…).rejects.toMatchObject` looks for. */
export function failure(code: FailureCode, message: RegExp | string = ""): object {
  return { name: "Failure", code, message: expectMessage(message) };
}

/** What an act was refused with, its code first; or that it was accepted. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

function expectMessage(message: RegExp | string): object {
  return {
    asymmetricMatch: (actual: unknown) =>
      typeof actual === "string" &&
      (typeof message === "string" ? actual.includes(message) : message.test(actual)),
    toString: () => `text with ${message}`,
  };
}

/** A promise with its ends, to hold something open. */
export function gate<T = void>(): {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
} {
  let open: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** Lets everything that is ready run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for what happens in its own time: the system's, not the clock's. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error("it never happened");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The reason with which the daemon withdraws a question. */
export const hungUp = new Failure("request.withdrawn", "the caller has gone");

/** One mode for every way in. */
export function findingsFor(mode: FindingsMode): FindingsModes {
  return { loopback: mode, socket: mode, qube: mode };
}
