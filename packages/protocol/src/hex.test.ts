import fc from "fast-check";
import { bytesToHex, numberToHex } from "viem";
import { expect, test } from "vitest";
import { fromHex, type Hex, toHex, toQuantity } from "./hex.ts";

test("toHex() agrees with viem and fromHex() reads it back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(toHex(bytes)).toBe(bytesToHex(bytes));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test("toHex() keeps leading zero bytes and reads only the view it is given", () => {
  expect(toHex(Uint8Array.of(0, 0, 1))).toBe("0x000001");
  expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe("0x0203");
});

const data: [string, Hex, number[]][] = [
  ["nothing", "0x", []],
  ["leading zeros", "0x0000ff", [0, 0, 255]],
  ["upper case", "0xABCDEF", [0xab, 0xcd, 0xef]],
];

test.each(data)("fromHex() reads %s", (_name, hex, bytes) => {
  expect([...fromHex(hex)]).toEqual(bytes);
});

test.each([
  [0n, "0x0"],
  [0, "0x0"],
  [16n, "0x10"],
  [2n ** 53n + 1n, "0x20000000000001"],
  [2n ** 256n - 1n, `0x${"f".repeat(64)}`],
])("toQuantity() writes %s without leading zeros", (value, text) => {
  expect(toQuantity(value)).toBe(text);
});

test("toQuantity() agrees with viem on every bigint of 256 bits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      expect(toQuantity(value)).toBe(numberToHex(value));
    }),
  );
});
