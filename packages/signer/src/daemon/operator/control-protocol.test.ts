import { expect, test } from "vitest";
import { failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { parseControlRequest } from "./control-protocol.ts";

const act = { request: "r1", method: "account label", account: `0x${"a".repeat(40)}` };

const parse = (entry: object) =>
  parseControlRequest(new TextEncoder().encode(JSON.stringify({ command: "record", entry })));

test("parseControlRequest() says itself who did what is recorded, and what the record is", () => {
  const entry = { ...act, type: "act", caller: "qube:bank" };
  const caller = "cli";
  expect(parse(entry)).toEqual({ command: "record", entry: { ...act, caller, type: "act" } });
  const failed = { ...act, caller, type: "refusal", failure: "store.failed" };
  expect(parse({ ...entry, type: "refusal", failure: "store.failed" })).toEqual({
    command: "record",
    entry: failed,
  });
});

test("parseControlRequest() takes what an act was done with, and its end", () => {
  const details = { label: "", file: "/".repeat(limits.pathCharsMax) };
  const entry = { ...act, ...details, caller: "cli", type: "act" };
  expect(parse({ ...entry, secret: "x" })).toEqual({ command: "record", entry });
  const done = { type: "done", request: "r1" };
  expect(parse({ ...done, file: "/x" })).toEqual({ command: "record", entry: done });
});

test.each([
  { ...act, type: "act", label: 1 },
  { ...act, type: "act", file: "/".repeat(limits.pathCharsMax + 1) },
  { ...act, type: "refusal", failure: "no.such" },
  { ...act, type: "refusal" },
  { ...act, type: "intent" },
  { ...act, type: "act", account: 1 },
  { ...act, type: "act", method: "x".repeat(limits.controlTextCharsMax + 1) },
])("parseControlRequest() refuses the record %j", (entry) => {
  expect(() => parse(entry)).toThrow(expect.objectContaining(failure("control.failed")));
});
