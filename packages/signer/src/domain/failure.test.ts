import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  Failure,
  type FailureCode,
  isFailureCode,
  messageOf,
  systemCode,
  toRpcError,
} from "./failure.ts";

const path = "/home/user/.ethereum/keystore/UTC--2026";

const fixed: [FailureCode, number, string][] = [
  ["json.malformed", -32700, "parse error"],
  ["rpc.invalid", -32600, "invalid request"],
  ["request.denied", -32000, "request denied"],
  ["request.withdrawn", -32000, "request denied"],
  ["request.expired", -32000, "request denied"],
  ["window.lost", -32000, "request denied"],
  ["window.answer", -32000, "request denied"],
  ["window.amendment", -32000, "request denied"],
  ["window.url", -32000, "protocol scheme missing"],
  ["account.unknown", -32000, "unknown account"],
  ["account.ambiguous", -32000, "multiple keys match address"],
  ["password.wrong", -32000, "could not decrypt key with given password"],
  ["keyfile.refused", -32000, "could not decrypt key with given password"],
  ["store.refused", -32000, "internal error"],
  ["vault.failed", -32000, "internal error"],
];

test.each(fixed)("toRpcError() answers %s with %i and a fixed text", (code, rpc, message) => {
  const failure = new Failure(code, path, { hint: path, cause: new Error(path) });
  expect(toRpcError(failure)).toEqual({ code: rpc, message });
});

const told: [FailureCode, number][] = [
  ["json.refused", -32700],
  ["rpc.batch", -32600],
  ["method.unknown", -32601],
  ["params.invalid", -32602],
  ["transaction.refused", -32000],
  ["authorization.denied", -32000],
  ["chain.wrong", -32000],
];

test.each(told)("toRpcError() answers %s with %i and the message", (code, rpc) => {
  const failure = new Failure(code, "what was wrong", { hint: path, cause: new Error(path) });
  expect(toRpcError(failure)).toEqual({ code: rpc, message: "what was wrong" });
});

test("Failure() keeps message, hint and cause for the operator", () => {
  const cause = new Error("inner");
  const failure = new Failure("store.refused", "outer", { hint: "do this", cause });
  expect(failure).toMatchObject({ message: "outer", hint: "do this", cause, name: "Failure" });
});

test("isFailureCode() takes only the codes of the table", () => {
  expect(isFailureCode("chain.wrong")).toBe(true);
  for (const code of [
    "",
    "Chain.wrong",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
  ]) {
    expect(isFailureCode(code)).toBe(false);
  }
});

test.each([
  [new Error("boom"), "boom"],
  ["boom", "boom"],
  [undefined, "undefined"],
  [null, "null"],
  [Symbol("s"), "Symbol(s)"],
])("messageOf() takes whatever was thrown (%#)", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

test("messageOf() takes an object that has no text", () => {
  expect(messageOf(Object.create(null))).toBeTypeOf("string");
});

test("systemCode() names a system error and nothing else", () => {
  expect(systemCode(caught(() => readFileSync("/nonexistent/file")))).toBe("ENOENT");
  expect(systemCode(new Error("x"))).toBeUndefined();
  expect(systemCode(Object.assign(new Error("x"), { code: 5 }))).toBeUndefined();
  expect(systemCode({ code: "ENOENT" })).toBeUndefined();
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
