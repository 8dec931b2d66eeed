import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { parseDataArgs, parseTypedDataArgs } from "./data-args.ts";

const account = `0x${"aB".repeat(20)}`;

const paramsOf = (args: readonly unknown[]) =>
  parseJson(JSON.stringify(args), { depthMax: 9, valuesMax: 99 }) as readonly JsonValue[];
const parse = (...args: readonly unknown[]) => parseDataArgs(paramsOf(args));
const parseTyped = (...args: readonly unknown[]) => parseTypedDataArgs(paramsOf(args));
const typed = {
  types: { EIP712Domain: [{ name: "name", type: "string" }], T: [{ name: "v", type: "bool" }] },
  ...{ primaryType: "T", domain: { name: "t" }, message: { v: true } },
};
const asHex = (text: string) => `0x${Buffer.from(text).toString("hex")}`;

test("parseTypedDataArgs() takes an object or its text, parseDataArgs() the text as bytes", () => {
  const parsed = parseTyped(account, typed);
  expect(parsed).toMatchObject({ tag: "typed-data", account: { text: account } });
  expect(parseTyped(account, JSON.stringify(typed))).toEqual(parsed);
  expect(parse("Data/Typed", account, asHex(JSON.stringify(typed)))).toEqual(parsed);
});

test.each(["0x7b", "{", "[]", '""', 5, '{"types":{},"types":{}}'])(
  "parseTypedDataArgs() refuses %j as no typed data",
  (data) => {
    expect(() => parseTyped(account, data)).toThrow(
      expect.objectContaining(failure("params.invalid", "invalid argument 1: ")),
    );
  },
);

test.each([typed, null, "", "{}", asHex("{"), "0xff", asHex('{"a":1,"a":2}')])(
  "parseDataArgs() refuses %j as data of typed data",
  (data) => {
    expect(() => parse("data/typed", account, data)).toThrow(
      expect.objectContaining(failure("data.refused")),
    );
  },
);

test("parseDataArgs() takes type, account as written, and the bytes", () => {
  expect(parse("Text/Plain; charset=utf-8", account, "0x68656C6c6f")).toEqual({
    tag: "text",
    account: { address: account.toLowerCase(), text: account },
    contentType: "text/plain",
    message: Uint8Array.from(Buffer.from("hello")),
  });
});

test.each(["application/json", "text/validator", "application/clique", "text", "data/plain"])(
  "parseDataArgs() takes %s for text, as Clef",
  (type) => {
    expect(parse(type, account, "0x")).toMatchObject({ tag: "text", contentType: type });
  },
);

test("parseDataArgs() reads data for a validator and headers as what they are", () => {
  const data = { address: account, message: "0x01" };
  expect(parse("DATA/Validator; a=b", account, data)).toMatchObject({ tag: "validator" });
  expect(() => parse("application/x-clique-header", account, "0x1234")).toThrow(
    expect.objectContaining(failure("data.refused", "rlp: expected input list for types.Header")),
  );
});

test.each([
  [null, "wrong type <nil>"],
  [true, "wrong type bool"],
  [5, "wrong type float64"],
  [[], "wrong type []interface {}"],
  [{ a: 1 }, "wrong type map[string]interface {}"],
  ["", "empty hex string"],
  ["hello", "hex string without 0x prefix"],
  ["0x123", "hex string of odd length"],
  ["0xzz", "invalid hex string"],
  ["0x0x", "invalid hex string"],
  [`0x${"00".repeat(limits.textBytesMax + 1)}`, "expected at most 131072 bytes of text"],
])("parseDataArgs() refuses the data %j in Clef's words", (data, message) => {
  expect(() => parse("text/plain", account, data)).toThrow(
    expect.objectContaining(failure("data.refused", message)),
  );
});

test.each([null, "", "0x12", `${account}0`, 7, {}])(
  "parseDataArgs() refuses the account %j",
  (address) => {
    expect(() => parse("text/plain", address, "0x")).toThrow(
      expect.objectContaining(failure("params.invalid", "invalid argument 1")),
    );
  },
);

test("parseDataArgs() gives exactly the bytes that were written", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const hex = Buffer.from(bytes).toString("hex");
      expect(parse("text/plain", account, `0X${hex}`)).toMatchObject({ message: bytes });
    }),
  );
});
