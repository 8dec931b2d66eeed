import { Writable } from "node:stream";
import type { Secret } from "../domain/secret.ts";
import { secretOf } from "../vault/fakes.ts";
import type { Input } from "../window/input.ts";
import { type Place, Printer } from "./print.ts";

/** A printer in a place with `changes`, and what it has written to stdout, to stderr and to the terminal. */
export function fakePrinter(changes: Partial<Place> = {}) {
  const written = { out: "", err: "", terminal: "" };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        written[name] += String(chunk);
        done();
      },
    });
  const print = new Printer(
    { out: stream("out"), err: stream("err"), terminal: stream("terminal") },
    {
      now: () => new Date(0),
      medium: { columns: 80, rows: 24, ascii: true },
      colorBits: 1,
      logIsSeen: true,
      onResize: () => undefined,
      ...changes,
    },
  );
  return { print, written };
}

/** An input that gives these words one after another, and the secrets that it made of them. */
export function fakeInput(words: readonly string[], { isTerminal = true } = {}) {
  const left = [...words];
  const secrets: Secret[] = [];
  const next = () => {
    const word = left.shift();
    if (word === undefined) throw new Error("nobody types any more");
    return word;
  };
  const input: Input = {
    isTerminal,
    line: async () => next(),
    secret: async () => {
      const secret = secretOf(next());
      secrets.push(secret);
      return secret;
    },
  };
  return { input, left, secrets };
}
