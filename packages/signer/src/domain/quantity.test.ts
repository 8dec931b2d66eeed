import fc from "fast-check";
import { expect, test } from "vitest";
import { costWei, parseChainId, parseUint64, parseUint256, parseWei } from "./quantity.ts";

const parsers = [
  ["parseWei()", parseWei, 256n],
  ["parseUint64()", parseUint64, 64n],
  ["parseUint256()", parseUint256, 256n],
] as const;

const refused = [
  ...["", "0", "1", "0x", "x1", "0x00", "0x01", "0x0000", "-0x1", "0x-1", "0x+1"],
  ...["0x1 ", " 0x1", "0x1\n", "0x 1", "0x1.0", "0x1n", "0xg", "0x1_0", "1e18", "0b1", "0o7"],
  ...["0x\u200b1", "0x\uff11", "0x1\u202e", "NaN", "Infinity", "__proto__"],
];

for (const [name, parse, bits] of parsers) {
  test(`${name} reads every number below 2^${bits}, in either case`, () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** bits - 1n }), (value) => {
        expect(parse(`0x${value.toString(16)}`)).toBe(value);
        expect(parse(`0X${value.toString(16).toUpperCase()}`)).toBe(value);
      }),
    );
  });

  test(`${name} refuses 2^${bits} and takes one less`, () => {
    expect(parse(`0x${(2n ** bits).toString(16)}`)).toBeUndefined();
    expect(parse(`0x${(2n ** bits - 1n).toString(16)}`)).toBe(2n ** bits - 1n);
  });

  test.each(refused)(`${name} refuses %j`, (text) => {
    expect(parse(text)).toBeUndefined();
  });

  test(`${name} refuses a huge text`, () => {
    expect(parse(`0x1${"0".repeat(5_000_000)}`)).toBeUndefined();
  });
}

test("parseUint64() keeps 2^53 + 1", () => {
  expect(parseUint64("0x20000000000001")).toBe(9_007_199_254_740_993n);
});

test.each([1n, 11_155_111n, 2n ** 53n + 1n, 2n ** 63n - 1n])("parseChainId() takes %s", (id) => {
  expect(parseChainId(id)).toBe(id);
});

test.each([0n, -1n, 2n ** 63n, 2n ** 256n])("parseChainId() refuses %s", (id) => {
  expect(parseChainId(id)).toBeUndefined();
});

test("costWei() multiplies beyond 2^256 without wrapping", () => {
  const gas = parseUint64("0xffffffffffffffff");
  const price = parseWei(`0x${"f".repeat(64)}`);
  if (gas === undefined || price === undefined) throw new Error("not parsed");
  expect(costWei(gas, price)).toBe((2n ** 64n - 1n) * (2n ** 256n - 1n));
});
