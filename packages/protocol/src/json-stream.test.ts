import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cut, JsonSplitter } from "./json-stream.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const readable = (cut: Cut) =>
  "value" in cut ? new TextDecoder().decode(cut.value) : { skipped: cut.skipped };
const oversized = { skipped: "expected a message of at most 20 bytes" };
const stray = { skipped: "expected a JSON object or array" };

function split(chunks: readonly (string | Uint8Array)[], bytesMax = 1_000_000) {
  const splitter = new JsonSplitter({ bytesMax });
  const pushed = chunks.map((chunk) => (typeof chunk === "string" ? bytes(chunk) : chunk));
  return pushed.flatMap((chunk) => [...splitter.push(chunk)]).map(readable);
}

/** Cuts a text's bytes at the given places, which may fall inside a character. */
function chunked(text: string, places: readonly number[]): Uint8Array[] {
  const whole = bytes(text);
  const ends = [...places.map((at) => at % (whole.length + 1)), whole.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, at) => whole.subarray(ends[at - 1] ?? 0, end));
}

test("JsonSplitter() gives the same values however the stream is cut", () => {
  const message = fc
    .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()))
    .chain((value) => fc.constantFrom(undefined, 2).map((gap) => JSON.stringify(value, null, gap)));
  const blanks = fc.constantFrom("", " ", "\n", "\r\n\t", "\n\n");
  fc.assert(
    fc.property(fc.array(message), blanks, fc.array(fc.nat()), (messages, blank, places) => {
      expect(split(chunked(messages.join(blank), places))).toEqual(messages);
    }),
  );
});

test("JsonSplitter() cuts any bytes, valid or not, the same way whole and one by one", () => {
  const noise = fc.array(fc.constantFrom(...'{}[]"\\ \n:,a1é')).map((chars) => chars.join(""));
  fc.assert(
    fc.property(noise, (text) => {
      const ones = [...bytes(text)].map((byte) => Uint8Array.of(byte));
      expect(split(ones)).toEqual(split([text]));
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["brackets inside a string", '{"a":"}]{["}'],
  ["an escaped quote before a bracket", '{"a":"\\"}"}'],
  ["an escaped backslash before the closing quote", '["\\\\"]'],
  ["a value over many lines", '{\n  "a": [\n    1\n  ]\n}'],
])("JsonSplitter() keeps %s together", (_name, text) => {
  expect(split([`${text}${text}\n`])).toEqual([text, text]);
});

test("JsonSplitter() yields nothing before a value is complete", () => {
  const splitter = new JsonSplitter({ bytesMax: 100 });
  expect([...splitter.push(bytes('{"a":'))]).toEqual([]);
  expect([...splitter.push(bytes(""))]).toEqual([]);
  expect([...splitter.push(bytes("1"))].map(readable)).toEqual([]);
  expect(splitter.held).toBeGreaterThan(0);
  expect([...splitter.push(bytes("}["))].map(readable)).toEqual(['{"a":1}']);
});

test("JsonSplitter() owns what it yields, so a reused read buffer can't change it", () => {
  const splitter = new JsonSplitter({ bytesMax: 100 });
  const [first, second] = [bytes('["fir'), bytes('st"]')];
  expect([...splitter.push(first)]).toEqual([]);
  first.fill(0x20);
  const cuts = [...splitter.push(second)];
  second.fill(0x20);
  expect(cuts.map(readable)).toEqual(['["first"]']);
});

test.each([
  ["a word", "hello {} []\n[1]\n"],
  ["a number", "1 [2]\n[1]"],
  ["a string", '"{"\n[1]'],
  ["a stray closing bracket", "}{}\n[1]"],
  ["a no-break space", "\u00a0{}\n[1]"],
])("JsonSplitter() drops %s with its line, once, and goes on", (_name, text) => {
  expect(split([text])).toEqual([stray, "[1]"]);
});

test("JsonSplitter() goes on after the line of a value that grows over the limit", () => {
  const long = `["${"x".repeat(30)}`;
  expect(split([long, 'more {}"] [2]\n', "[1]\n"], 20)).toEqual([oversized, "[1]"]);
  expect(split([long.slice(0, 15), long.slice(15), "\n[1]"], 20)).toEqual([oversized, "[1]"]);
});

test("JsonSplitter() takes a value of exactly the limit, in one chunk or byte by byte", () => {
  const exact = `["${"x".repeat(16)}"]`;
  expect(split([exact], 20)).toEqual([exact]);
  expect(split(chunked(exact, [1, 7, 19]), 20)).toEqual([exact]);
});

test("JsonSplitter() refuses a value over the limit that one chunk completes", () => {
  expect(split([`["${"x".repeat(30)}"]\n[1]\n`], 20)).toEqual([oversized, "[1]"]);
});
