import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { intent, outcome } from "./fakes.ts";
import { encodeRecord, firstLink, linkAfter, parseRecord } from "./record.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (line: Uint8Array) => new TextDecoder().decode(line);

test("encodeRecord() writes one line that begins with its place in the chain", () => {
  const written = text(encodeRecord(outcome("r1"), { seq: 7, prev: "ab" }, 0));
  expect(written).toBe(
    `{"seq":7,"at":"1970-01-01T00:00:00.000Z","prev":"ab","type":"outcome","request":"r1","signed":"0x${"d".repeat(64)}"}\n`,
  );
});

test("encodeRecord() keeps a record on one line whatever its texts hold", () => {
  const hostile = 'x\n{"seq":2}\r\u2028\u0000"';
  const written = text(encodeRecord({ ...intent("r1"), caller: hostile } as never, firstLink, 0));
  expect(written.indexOf("\n")).toBe(written.length - 1);
  expect(JSON.parse(written)).toMatchObject({ caller: hostile, seq: 1 });
});

test("linkAfter() counts up and names the hash of the line without its newline", () => {
  const line = encodeRecord(intent("r1"), firstLink, 0).subarray(0, -1);
  const prev = createHash("sha256").update(line).digest("hex");
  expect(linkAfter(firstLink, line)).toEqual({ seq: 2, prev });
});

test("parseRecord() reads back what encodeRecord() wrote", () => {
  const link = { seq: 9, prev: "f".repeat(64) };
  const line = encodeRecord(intent("r1"), link, 0).subarray(0, -1);
  expect(parseRecord(line)).toMatchObject({ link, type: "intent", request: "r1" });
  expect(parseRecord(line)?.fields.get("kind")).toBe("fee-market");
});

test.each([
  ["an empty line", ""],
  ["no JSON", "seq=1"],
  ["no object", "[1]"],
  ["a number as text", '{"seq":"1","prev":"","type":"intent","request":"r"}'],
  ["no hash", '{"seq":1,"type":"intent","request":"r"}'],
  ["no type", '{"seq":1,"prev":"","request":"r"}'],
  ["no request", '{"seq":1,"prev":"","type":"intent"}'],
  ["a key that appears twice", '{"seq":1,"seq":2,"prev":"","type":"intent","request":"r"}'],
  ["two values", '{"seq":1,"prev":"","type":"intent","request":"r"}{}'],
])("parseRecord() takes %s for no record", (_, line) => {
  expect(parseRecord(bytes(line))).toBeUndefined();
});

test("parseRecord() takes bytes that are no UTF-8 and a line too long for no record", () => {
  expect(parseRecord(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
  const good = '{"seq":1,"prev":"","type":"intent","request":"r"}';
  expect(parseRecord(bytes(good.padEnd(limits.ledgerRecordBytesMax)))).toBeDefined();
  expect(parseRecord(bytes(good.padEnd(limits.ledgerRecordBytesMax + 1)))).toBeUndefined();
});
