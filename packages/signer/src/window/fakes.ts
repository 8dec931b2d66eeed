import { PassThrough } from "node:stream";
import type { Questions, Started } from "../approval/window.ts";
import { addressOf, callerWith, FakeClock, FakeLog } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import type { Review } from "../domain/review.ts";
import { Channel } from "./channel.ts";
import { FullScreen } from "./full-screen.ts";
import type { Key, KeyListener } from "./keys.ts";
import type { WholeScreen } from "./screen.ts";

export const account = addressOf("a");
/** The signal of a question that nobody withdraws. */
export const never: AbortSignal = new AbortController().signal;

/** A harmless review, or one with `changes`. */
export function reviewWith(changes: Partial<Review> = {}): Review {
  return {
    headline: "Send 1 ETH on Ethereum",
    findings: [],
    fields: [{ label: "to", value: `0x${"b".repeat(40)}`, claim: false }],
    details: [{ label: "nonce", value: "7", claim: false }],
    data: "0x",
    confirmation: { text: "bBbB", at: "to" },
    ...changes,
  };
}

/** A question about a transaction, harmless but for `changes`. */
export function transactionWith(
  changes: Partial<Questions["transaction"]> = {},
): Questions["transaction"] {
  return {
    caller: callerWith(),
    review: reviewWith(),
    transaction: {
      from: account,
      to: `0x${"b".repeat(40)}`,
      gas: "0x5208",
      gasPrice: null,
      maxFeePerGas: "0x2",
      maxPriorityFeePerGas: "0x1",
      value: "0x1",
      nonce: "0x7",
      data: "0x",
      chainId: "0x1",
    },
    digest: "0xd1",
    again: false,
    unlocked: undefined,
    ...changes,
  };
}

export function listingOf(count: number): Questions["listing"] {
  const accounts = Array.from({ length: count }, (_, at) => ({
    address: addressOf(at.toString(16)),
    url: `keystore:///k/${at}`,
    label: undefined,
  }));
  return { caller: callerWith(), accounts };
}

/** Texts that would move, hide or reorder others, or look like the next row. */
export const hostileTexts: readonly (readonly [string, string])[] = [
  ["a newline", "x\n  asked by      your own wallet"],
  ["a carriage return", "x\r  asked by      your own wallet"],
  ["an escape sequence", "x\u001b[2J\u001b[H  asked by      your own wallet"],
  ["a C1 control", "x\u009b2J  asked by      your own wallet"],
  ["a bidi override", "x\u202egnp.exe\u2066  asked by      your own wallet"],
  ["500 spaces", `x${" ".repeat(500)}  asked by      your own wallet`],
  ["a line separator", "x\u2028  asked by      your own wallet\u2029"],
  ["no-break spaces", `x${"\u00a0".repeat(80)}  asked by      your own wallet`],
  ["zero-width characters", "x\u200b\u200d\ufeff  asked by      your own wallet"],
];

/** A channel, and the program at its other end. */
export function openChannel() {
  const input = new PassThrough();
  const log = new FakeLog();
  const lines: string[] = [];
  const ends = { lost: 0 };
  const onLost = () => void ends.lost++;
  const channel = new Channel({ input, log, write: (line) => lines.push(line), onLost });
  const said = (at: number): unknown => JSON.parse(lines[at] ?? "null");
  return { channel, input, log, lines, ends, said };
}

const info = {
  extapi_http: "http://127.0.0.1:8550/",
  extapi_ipc: "n/a",
  extapi_version: "6.1.0",
  intapi_version: "7.0.1",
};

/** A terminal that keeps what is drawn row by row. */
export class FakeTerminal implements WholeScreen {
  medium = { columns: 80, rows: 24, ascii: false };
  readonly colorBits = 1;
  readonly calls: string[] = [];
  rows: string[] = [];
  written = "";
  resized: () => void = () => undefined;
  logged: (line: string) => void = () => undefined;
  enter = () => void this.calls.push("enter");
  reenter = () => void this.calls.push("reenter");
  leave = () => void this.calls.push("leave");
  hold = () => void this.calls.push("hold");
  release = () => void this.calls.push("release");
  onResize = (listener: () => void) => {
    this.resized = listener;
  };
  onLog = (listener: (line: string) => void) => {
    this.logged = listener;
  };
  write = (text: string) => {
    this.written += text;
    if (text.startsWith("\u001b[2J")) this.rows = [];
    for (const [, row, line = ""] of text.matchAll(
      /\u001b\[(\d+);1H\u001b\[2K([^\u001b]*(?:\u001b\[[\d;]*m[^\u001b]*)*)/g,
    )) {
      this.rows[Number(row) - 1] = line.replaceAll(/\u001b\[[\d;]*m/g, "");
    }
  };
  get text(): string {
    return this.rows.join("\n");
  }
}

/** A signer that serves HTTP alone, but for `changes`. */
export function startedWith(changes: Partial<Started> = {}): Started {
  const chains = ["Ethereum (chain 1)"];
  return { kind: "started", info, qrexec: "n/a", chains, keystore: "/k", ...changes };
}

/** The full screen on a terminal of its own, at rest. */
export function fullScreen() {
  const [terminal, clock] = [new FakeTerminal(), new FakeClock()];
  const listeners = new Set<KeyListener>();
  let goOn: () => void = () => undefined;
  let quits = 0;
  const ending = new AbortController();
  const window = new FullScreen({
    screen: terminal,
    clock,
    armMs: limits.armMs,
    onQuit: () => void quits++,
    ending: ending.signal,
    keys: {
      listen: (listener, onContinue) => {
        listeners.add(listener);
        goOn = onContinue;
        return () => void listeners.delete(listener);
      },
    },
  });
  const press = (key: Key, byte = 0, alone = true) => {
    for (const listener of listeners) listener(key, byte, alone);
  };
  const type = (text: string, alone = text.length === 1) => {
    for (const byte of Buffer.from(text)) press("text", byte, alone);
  };
  const place = (waiting: number) => {
    const expiresAt = waiting === 0 ? undefined : clock.now() + limits.questionMs;
    window.tell({ kind: "queue", waiting, expiresAt });
  };
  window.tell(startedWith());
  const asked = { quits: () => quits, goOn: () => goOn() };
  return { terminal, clock, window, press, type, place, listeners, ending, ...asked };
}
