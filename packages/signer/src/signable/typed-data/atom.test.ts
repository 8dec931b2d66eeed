import { expect, test } from "vitest";
import { failure } from "../../domain/fakes.ts";
import { messageText, one, parse } from "./fakes.ts";

test.each([
  ["9007199254740993", 2n ** 53n + 1n],
  ["1e21", 10n ** 21n],
  ["1.5e1", 15n],
  ["7.0", 7n],
  ["1000000000000000000000", 10n ** 21n],
  ['"007"', 7n],
])("parseTypedData() keeps every digit of the integer %s", (json, value) => {
  const [member] = messageText("uint256", json).message.members;
  expect(member?.node).toEqual({ kind: "value", type: "uint256", text: String(value) });
});

test.each([
  ["uint256", "7.5", "invalid float value 7.5 for type uint256"],
  ["uint256", "1e-1", "invalid float value 1e-1 for type uint256"],
  ["uint256", "1e99", "integer larger than 'uint256'"],
  ["uint256", '"-1"', "invalid negative value for unsigned type uint256"],
  ["uint256", `"0x1${"0".repeat(64)}"`, "invalid hex or decimal integer"],
  ["uint256", '""', 'invalid hex or decimal integer ""'],
  ["uint256", '"0x"', "invalid hex or decimal integer"],
  ["uint256", '" 1"', "invalid hex or decimal integer"],
  ["uint256", "true", "invalid integer value true/bool for type uint256"],
  ["uint256", "null", "invalid integer value <nil>/<nil> for type uint256"],
  ["uint8", '"256"', "integer larger than 'uint8'"],
  ["int8", '"128"', "integer larger than 'int8'"],
  ["int8", '"-129"', "integer larger than 'int8'"],
  ["bool", "1", "could not format value 1 as bool"],
  ["bool", '"true"', "could not format value true as bool"],
  ["string", "1", "provided data '1' doesn't match type 'string'"],
  ["string", '"\\ud800"', "doesn't match type 'string'"],
  ["bytes", '""', "provided data '' doesn't match type 'bytes'"],
  ["bytes", '"0x1"', "doesn't match type 'bytes'"],
  ["bytes", "[1,2]", "doesn't match type 'bytes'"],
  ["bytes4", '"0x112233"', "doesn't match type 'bytes4'"],
  ["bytes4", '"0x1122334455"', "doesn't match type 'bytes4'"],
  ["address", '"0x12"', "provided data '0x12' doesn't match type 'address'"],
  ["string[]", "null", "provided data '<nil>' doesn't match type 'string[]'"],
  ["string[]", "{}", "doesn't match type 'string[]'"],
  ["uint8[2]", '["1"]', "expected 2 elements for type 'uint8[2]', got 1"],
  ["uint8[2]", '["1","2","3"]', "expected 2 elements for type 'uint8[2]', got 3"],
])("parseTypedData() refuses for %s the value %s", (type, json, message) => {
  expect(() => messageText(type, json)).toThrow(
    expect.objectContaining(failure("data.refused", message)),
  );
  expect(() => messageText(type, json)).toThrow('at "message.v');
});

test("parseTypedData() refuses null in an array as no parameter", () => {
  expect(() => parse(one("bytes[]", ["0x", null]))).toThrow(
    expect.objectContaining(failure("params.invalid", 'null at "message.v[1]"')),
  );
});
