import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { parseAccessList } from "./access-list-args.ts";
import { fieldRefusal, fieldsOf } from "./fakes.ts";
import type { Fields } from "./fields.ts";

const mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const address = mixed.toLowerCase();

const typed = ["true", "1", "1.5", "[]", "{}", '["0x1"]', '{"__proto__":"0x1"}'];

test.each(['"0x0"', '"0xff"', '"0xFF"'])("Fields.parseWei() reads %s", (json) => {
  expect(fieldsOf(json).parseWei("x")).toBe(BigInt(JSON.parse(json)));
});

test.each([...typed, "null", '""', '"0x"', '"0x00"', '"1"', '"-0x1"', '"0x1 "'])(
  "Fields refuses %s as a quantity and names the field",
  (json) => {
    for (const parse of ["parseWei", "parseUint64", "parseChainId"] as const) {
      expect(fieldRefusal(json, (fields) => fields[parse]("x"))).toContain(
        'invalid argument 0: field "x"',
      );
    }
  },
);

test("Fields holds each quantity to its width", () => {
  const [bits64, bits256] = [`"0x1${"0".repeat(16)}"`, `"0x1${"0".repeat(64)}"`];
  expect(fieldRefusal(bits64, (fields) => fields.parseUint64("x"))).toContain("below 2^64");
  expect(fieldRefusal(bits256, (fields) => fields.parseWei("x"))).toContain("below 2^256");
  expect(fieldRefusal(bits256, (fields) => fields.parseChainId("x"))).toContain("below 2^256");
  expect(fieldsOf(bits64).parseChainId("x")).toBe(2n ** 64n);
});

test("Fields.parseNullableWei() takes null as absent and nothing else as null", () => {
  expect(fieldsOf("null").parseNullableWei("x")).toBeUndefined();
  expect(fieldsOf('"0x0"').parseNullableWei("x")).toBe(0n);
  for (const json of [...typed, '""', '"null"', "false", "0"]) {
    expect(fieldRefusal(json, (fields) => fields.parseNullableWei("x"))).toContain('field "x"');
  }
});

test("Fields.parseAddress() keeps how the caller wrote it", () => {
  expect(fieldsOf(`"${mixed}"`).parseAddress("x")).toEqual({ address, text: mixed });
});

test.each([...typed, "null", '""', '"0x"', `"${mixed.slice(2)}"`, `"${mixed}0"`, `" ${mixed}"`])(
  "Fields.parseAddress() refuses %s",
  (json) => {
    expect(fieldRefusal(json, (fields) => fields.parseAddress("x"))).toContain("40 hex digits");
  },
);

test.each([
  ["null", undefined],
  ['""', "0x"],
  ['"0x"', "0x"],
  ['"0X"', "0x"],
  ['"0x00"', "0x00"],
  ['"0XaBcD"', "0xabcd"],
])("Fields.parseData() reads %s", (json, data) => {
  expect(fieldsOf(json).parseData("x")).toBe(data);
});

test.each([...typed, '"0x0"', '"00"', '"0xabc"', '"0xgg"', '" 0x"', '"0x\\n"', '"0x\\u200b00"'])(
  "Fields.parseData() refuses %s",
  (json) => {
    expect(fieldRefusal(json, (fields) => fields.parseData("x"))).toContain(
      "even number of hex digits",
    );
  },
);

test("Fields.parseData() reads as much as there may be, and no more", () => {
  const long = "ab".repeat(limits.dataBytesMax);
  expect(fieldsOf(`"0x${long}"`).parseData("x")).toBe(`0x${long}`);
  const parse = (fields: Fields) => fields.parseData("x");
  expect(fieldRefusal(`"0x${long.slice(1)}z"`, parse)).toContain("hex digits");
  expect(fieldRefusal(`"0x${long}00"`, parse)).toContain("expected at most 262144 bytes");
});

test("Fields finds absent fields undefined, and none on a prototype", () => {
  const fields = fieldsOf("1");
  for (const name of ["absent", "__proto__", "constructor", "toString"]) {
    expect(fields.parseAddress(name)).toBeUndefined();
    expect(fields.parseWei(name)).toBeUndefined();
    expect(fields.parseNullableWei(name)).toBeUndefined();
    expect(fields.parseData(name)).toBeUndefined();
    expect(parseAccessList(fields, name)).toBeUndefined();
  }
});
