import { expect, test } from "vitest";
import { Failure } from "../../domain/failure.ts";
import { addressOf, failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { encodeControlRequest } from "./control-protocol.ts";
import { readControlRequest } from "./control-reader.ts";

const password = "password-0123456789";
const line = encodeControlRequest({
  command: "unlock-account",
  terms: { account: addressOf("a"), caller: "any", forMs: 1000, uses: 1 },
  secretBytes: password.length,
});

/** Chunks that arrive one after another, and that the test keeps. */
function arriving(...texts: readonly string[]) {
  const kept = texts.map((text) => Buffer.from(text));
  const chunks = (async function* () {
    yield* kept;
  })();
  return { kept, chunks, wiped: () => kept.map((chunk) => chunk.every((byte) => byte === 0)) };
}

test.each([
  ["in one chunk", [line + password]],
  ["behind its line", [line, password]],
  ["in pieces", [line.slice(0, 9), line.slice(9) + password.slice(0, 4), password.slice(4)]],
])(
  "readControlRequest() takes a secret that comes %s, and wipes what it came in",
  async (_, texts) => {
    const { chunks, wiped } = arriving(...texts);
    const heard = await readControlRequest(chunks);
    if (heard instanceof Failure) throw heard;
    expect(heard.request).toMatchObject({ command: "unlock-account" });
    expect(heard.secret.use((bytes) => Buffer.from(bytes).toString())).toBe(password);
    expect(wiped()).toEqual(texts.map(() => true));
  },
);

test.each([
  ["too long", ["x".repeat(limits.controlBytesMax), "y"], "expected at most"],
  ["cut off", [line + password.slice(0, 4)], "expected a whole request"],
  ["nonsense", ["nonsense\n"], "expected a line of JSON"],
])("readControlRequest() wipes also what is %s", async (_, texts, reason) => {
  const { chunks, wiped } = arriving(...texts);
  expect(await readControlRequest(chunks)).toMatchObject(failure("control.failed", reason));
  expect(wiped()).toEqual(texts.map(() => true));
});
