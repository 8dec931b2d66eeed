import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { Pipe } from "./pipe.ts";

const never = new AbortController().signal;

const pipeOf = (...chunks: readonly string[]) =>
  new Pipe(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
  );

async function secretOf(pipe: Pipe): Promise<string> {
  return (await pipe.secret(never)).use((bytes) => Buffer.from(bytes).toString());
}

test("line() and secret() give the lines one after another, however they arrive", async () => {
  const pipe = pipeOf("one\ntw", "o", "\nthree\nfour");
  expect(await pipe.line({ signal: never })).toBe("one");
  expect(await secretOf(pipe)).toBe("two");
  expect(await secretOf(pipe)).toBe("three");
  expect(await pipe.line({ signal: never })).toBe("four");
});

test("secret() keeps spaces, which may belong to a password, and line() drops them", async () => {
  const pipe = pipeOf(" pass word \nyes \r\n");
  expect(await secretOf(pipe)).toBe(" pass word ");
  expect(await pipe.line({ signal: never })).toBe("yes");
});

test("secret() takes an empty line for an empty password", async () => {
  expect(await secretOf(pipeOf("\n"))).toBe("");
});

test.each([[[]], [["last\n"]]])(
  "line() fails at the end of %j, again and again",
  async (chunks: string[]) => {
    const pipe = pipeOf(...chunks);
    for (const _ of chunks) await pipe.line({ signal: never });
    await expect(pipe.line({ signal: never })).rejects.toMatchObject(failure("aborted", "EOF"));
    await expect(pipe.secret(never)).rejects.toMatchObject(failure("aborted", "EOF"));
  },
);

test("secret() leaves nothing of the password in the chunk", async () => {
  const input = new PassThrough();
  const chunk = Buffer.from("password\n");
  input.write(chunk);
  expect(await secretOf(new Pipe(input))).toBe("password");
  expect(chunk).toEqual(Buffer.alloc(9));
});

test("Pipe is no terminal", () => {
  expect(pipeOf().isTerminal).toBe(false);
});

test("secret() stops waiting when it is told to", async () => {
  const stop = new AbortController();
  const waiting = new Pipe(new PassThrough()).secret(stop.signal);
  stop.abort(new Error("terminated"));
  await expect(waiting).rejects.toThrow("terminated");
});
