import { toHex } from "@cleft/protocol/hex.ts";
import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { addressOf, failure } from "../domain/fakes.ts";
import { hashOf } from "../domain/hash.ts";
import { parseValidatorData, validatorForm } from "./validator.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const json = (value: unknown): JsonValue =>
  parseJson(JSON.stringify(value), { depthMax: 9, valuesMax: 99 });
const parse = (value: unknown) => parseValidatorData(account, json(value));

test("validatorForm() has the preimage of EIP-191, version 0x00, and Clef's four messages", () => {
  const { preimage, messages, firstV } = validatorForm(
    parse({ address: "0x000000000000000000000000000000000000dead", message: "0x010203" }),
  );
  expect(toHex(preimage)).toBe("0x1900000000000000000000000000000000000000dead010203");
  expect(hashOf(preimage)).toBe(
    "0x4ed27f7c0c54425ad19dd607113ffb68da2cbc1165a95beb44942ba52db8bb92",
  );
  expect(messages.map(({ value }) => value).slice(1, 3)).toEqual([
    "0x000000000000000000000000000000000000dEaD",
    "0x010203",
  ]);
  expect(firstV).toBe(27);
});

test.each([
  ["0x78", "validator input is not a map[string]interface{}"],
  [null, "validator input is not a map[string]interface{}"],
  [{ message: "0x01" }, "validator address error: wrong type <nil>"],
  [{ address: 5, message: "0x01" }, "validator address error: wrong type float64"],
  [{ address: "0x", message: "0x01" }, "validator address is undefined"],
  [{ address: "0x01", message: "0x01" }, "validator address error: expected 20 bytes, got 1"],
  [
    { address: `0x${"11".repeat(24)}`, message: "0x01" },
    "validator address error: expected 20 bytes, got 24",
  ],
  [{ address: addressOf("b") }, "message error: wrong type <nil>"],
  [{ address: addressOf("b"), message: "0x" }, "message is undefined"],
  [{ address: addressOf("b"), message: "hi" }, "message error: hex string without 0x prefix"],
])("parseValidatorData() refuses %j", (value, message) => {
  expect(() => parse(value)).toThrow(expect.objectContaining(failure("data.refused", message)));
});

test("parseValidatorData() refuses a second spelling of a name, and keeps that of the address", () => {
  expect(() => parse({ address: addressOf("b"), message: "0x01", Message: "0x02" })).toThrow(
    expect.objectContaining(failure("params.invalid", 'expected the name "message"')),
  );
  const wrong = `0x${"Ab".repeat(20)}`;
  expect(parse({ address: wrong, message: "0x01" }).validator).toEqual({
    address: wrong.toLowerCase(),
    text: wrong,
  });
});
