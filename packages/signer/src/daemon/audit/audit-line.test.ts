import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { auditLine } from "./audit-line.ts";

const written = (value: string) => / v=(.*)\n$/s.exec(auditLine(0, { v: value }))?.[1];

// Go 1.24, slog.NewTextHandler.
test.each([
  ["plain-0x12_/:;<nil>[]", "plain-0x12_/:;<nil>[]"],
  ["back\\slash", "back\\slash"],
  ["", '""'],
  ["two words", '"two words"'],
  ["a=b", '"a=b"'],
  ['say "x"\\', '"say \\"x\\"\\\\"'],
  ["a\nb\r\t\u0007\b\f\v", '"a\\nb\\r\\t\\a\\b\\f\\v"'],
  ["\u001b[2J\u0000", '"\\x1b[2J\\x00"'],
  ["Zürich", "Zürich"],
  ["right\u202eleft", '"right\\u202eleft"'],
  ["\u00a0", '"\\u00a0"'],
  ["😀 x", '"😀 x"'],
  ["\u{e0001}", '"\\U000e0001"'],
])("auditLine() writes the value %j as Go does", (value, expected) => {
  expect(written(value)).toBe(expected);
});

test("auditLine() shows letters that look like nothing, which Go does not", () => {
  expect(written("a\u3164")).toBe('"a\\u3164"');
});

test("auditLine() quotes a key, and writes one line with the local time", () => {
  const line = auditLine(Date.UTC(2026, 10, 22, 6, 22, 52, 612), { msg: "x", "audit log": "/y" });
  expect(line).toMatch(
    /^time=2026-11-2\dT\d\d:\d\d:52\.612(?:Z|[+-]\d\d:\d\d) level=INFO msg=x "audit log"=\/y\n$/,
  );
  expect(Date.parse(line.slice(5, line.indexOf(" ")))).toBe(Date.UTC(2026, 10, 22, 6, 22, 52, 612));
});

test("auditLine() cuts a long value and says so", () => {
  const long = written("x".repeat(limits.auditValueCharsMax + 7)) ?? "";
  expect(long).toMatch(/^"x+\.\.\. \(7 characters cut\)"$/);
});
