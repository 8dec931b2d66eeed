import { PassThrough } from "node:stream";
import type { Questions } from "../approval/window.ts";
import { addressOf, callerWith, FakeLog } from "../domain/fakes.ts";
import type { Review } from "../domain/review.ts";
import { Channel } from "./channel.ts";

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
    confirmation: "bBbB",
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
    ...changes,
  };
}

export function listingOf(count: number): Questions["listing"] {
  const accounts = Array.from({ length: count }, (_, at) => ({
    address: addressOf(at.toString(16)),
    url: `keystore:///k/${at}`,
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
