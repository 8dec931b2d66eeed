import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import fc from "fast-check";
import { encodeAbiParameters, encodeFunctionData, parseAbi, parseAbiParameters } from "viem";
import { describe, expect, test } from "vitest";
import { decodeArguments, encodeArguments } from "./abi/codec.ts";
import { parseMethod, signatureOf } from "./abi/type.ts";
import { formatCall, readCalldata } from "./calldata.ts";
import { methodsAmong, selectorOf, standardMethodsOf } from "./selectors.ts";

const payee = "0x000000000000000000000000000000000000dEaD";
const abi = parseAbi([
  "function transfer(address to, uint256 amount)",
  "function swap((address token, uint24[] fees)[] path, bytes data, string note, bool[2] flags)",
]);
const swap = "swap((address,uint24[])[],bytes,string,bool[2])";
const transfer = encodeFunctionData({ abi, functionName: "transfer", args: [payee, 5n] });

test("readCalldata() takes a known method apart", () => {
  const read = readCalldata(transfer, undefined, standardMethodsOf);
  expect(read).toMatchObject({ kind: "decoded", calls: [{ source: "standard" }] });
  expect(read.kind === "decoded" && formatCall(read.calls[0])).toBe(
    `transfer(address: ${payee},uint256: 5)`,
  );
});

test("readCalldata() takes a claimed method apart only if hash and encoding fit", () => {
  const path = [{ token: payee, fees: [500, 3000] }] as const;
  const args = [path, "0x1234", "hi", [true, false]] as const;
  const data = encodeFunctionData({ abi, functionName: "swap", args });
  const read = readCalldata(data, swap, standardMethodsOf);
  expect(read).toMatchObject({ kind: "decoded", calls: [{ source: "caller" }] });
  expect(read.kind === "decoded" && formatCall(read.calls[0])).toBe(
    `swap((address,uint24[])[]: [[${payee} [500 3000]]],bytes: 0x1234,string: hi,bool[2]: [true false])`,
  );
  expect(readCalldata(data, "swop()", standardMethodsOf)).toEqual({
    kind: "mismatch",
    claimed: true,
    reason: `no method with id: ${data.slice(0, 10)}`,
  });
});

test.each<readonly [string, Hex, string | undefined, RegExp]>([
  ["no arguments", "0xa9059cbb", undefined, /length insufficient 0 require 32$/],
  ["one byte too many", `${transfer}00`, undefined, /multiple of 32 bytes \(was 65\)$/],
  ["a word too many", `${transfer}${"00".repeat(32)}`, undefined, /stuffed with extra data/],
  ["dirty padding", `0xa9059cbb${"ff".repeat(32)}${"00".repeat(32)}`, undefined, /stuffed/],
  ["an empty claim", transfer, "", /empty token$/],
  ["a claim that is none", transfer, "(uint)", /no signature of a method$/],
])("readCalldata() refuses %s with Clef's reason", (_name, data, claimed, reason) => {
  const read = readCalldata(data, claimed, standardMethodsOf);
  expect(read).toEqual({
    kind: "mismatch",
    claimed: claimed !== undefined,
    reason: expect.stringMatching(reason),
  });
});

describe("readCalldata() with several methods of one selector", () => {
  // Both have the selector 42966c68, as everybody can see by hashing them.
  const twins = ["burn(uint256)", "collate_propagate_storage(bytes16)"];
  const methodsOf = methodsAmong(twins);
  const call = (word: string): Hex => `0x42966c68${word}`;
  const names = (data: Hex) => {
    const read = readCalldata(data, undefined, methodsOf);
    return read.kind === "decoded" ? read.calls.map(({ method }) => signatureOf(method)) : read;
  };

  test("readCalldata() takes the one that decodes to the very bytes", () => {
    expect(twins.map(selectorOf)).toEqual(["42966c68", "42966c68"]);
    expect(names(call(`${"0".repeat(63)}5`))).toEqual(["burn(uint256)"]);
  });

  test("readCalldata() names all that do", () => {
    expect(names(call(`5${"0".repeat(63)}`))).toEqual(twins);
  });

  test("readCalldata() says why the first one doesn't fit if none does", () => {
    expect(names(call("00".repeat(64)))).toMatchObject({
      kind: "mismatch",
      claimed: false,
      reason: expect.stringMatching(/stuffed.*for method burn\(uint256\)$/s),
    });
  });
});

test("decodeArguments() does no more work than the data pays for", () => {
  const method = parseMethod(`f(${"uint256[][][][][]"})`);
  // Each level says: 400 elements, all of them at the same place.
  const words = Array.from({ length: 450 }, () => 0x20);
  words[1] = 400;
  const data = Buffer.concat(
    words.map((word) => Buffer.from(word.toString(16).padStart(64, "0"), "hex")),
  );
  expect(() => decodeArguments(method?.types ?? [], data)).toThrow(/abi:/);
});

const types = [
  "uint256",
  "int8",
  "address",
  "bool",
  "bytes",
  "bytes5",
  "string",
  "uint8[]",
  "string[2]",
  "(uint256,bytes)[]",
  "(address,(string,int256[])[2])",
] as const;

test("encodeArguments() gives what viem gives for random values of every kind of type", () => {
  const text = types.map((type, at) => `${type} a${at}`).join(", ");
  const params = parseAbiParameters(
    text
      .replaceAll("(uint256,bytes)", "(uint256 x, bytes y)")
      .replaceAll("(address,(string,int256[])[2])", "(address p, (string q, int256[] r)[2] s)"),
  );
  const hex = (min: number, max = min) =>
    fc.uint8Array({ minLength: min, maxLength: max }).map(toHex);
  const int = fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n });
  const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  const values = fc.tuple(
    uint,
    fc.integer({ min: -128, max: 127 }),
    hex(20),
    fc.boolean(),
    hex(0, 70),
    hex(5),
    fc.string(),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 5 }),
    fc.tuple(fc.string(), fc.string()),
    fc.array(fc.record({ x: uint, y: hex(0, 40) }), { maxLength: 3 }),
    fc.record({
      p: hex(20),
      s: fc.tuple(
        ...[0, 1].map(() => fc.record({ q: fc.string(), r: fc.array(int, { maxLength: 3 }) })),
      ),
    }),
  );
  const method = parseMethod(`f(${types.join(",")})`);
  expect(method && signatureOf(method)).toBe(`f(${types.join(",")})`);
  fc.assert(
    fc.property(values, (drawn) => {
      const data = Buffer.from(encodeAbiParameters(params, drawn as never).slice(2), "hex");
      const decoded = decodeArguments(method?.types ?? [], data);
      expect(toHex(encodeArguments(method?.types ?? [], decoded))).toBe(toHex(data));
    }),
  );
});

test("decodeArguments() answers any bytes with values or an AbiError", () => {
  const method = parseMethod(swap);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (data) => {
      try {
        decodeArguments(method?.types ?? [], data);
      } catch (error) {
        expect(String(error)).toContain("abi:");
      }
    }),
  );
});

test.each([
  "f",
  "f(",
  "f)",
  "f(uint)",
  "(uint)",
  "f(uint7)",
  "f(uint264)",
  "f(bytes33)",
  "f(bytes0)",
  "f(foo)",
  "f(uint8,)",
  "f((uint8)",
  "f(uint8[0])",
  "f(uint8[-1])",
  "f(address8)",
  "1f()",
  `f(${"(".repeat(40)}${")".repeat(40)})`,
])("parseMethod() keeps to what Solidity writes: %s", (signature) => {
  const method = parseMethod(signature);
  if (signature === "f(uint)") expect(method && signatureOf(method)).toBe("f(uint256)");
  else expect(method).toBeUndefined();
});

test("selectorOf() is the hash's first four bytes", () => {
  expect(selectorOf("transfer(address,uint256)")).toBe("a9059cbb");
});
