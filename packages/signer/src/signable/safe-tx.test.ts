import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { TypedDataEncoder } from "ethers";
import { expect, test } from "vitest";
import { addressOf, failure } from "../domain/fakes.ts";
import { parseSafeTxArgs } from "./safe-args.ts";
import { refuseMismatch, safeTxForm, safeTxResult, toSafeTx } from "./safe-tx.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const zero = `0x${"0".repeat(40)}`;
const safe = "0x25a6c4BBd32B2424A9c99aEB0584Ad12045382B3";
const to = "0x9eE457023bB3De16D51A003a247BaEaD7fce313D";
const tx = {
  ...{ safe, to, value: "20000000000000000", data: null, operation: 0, gasToken: zero },
  ...{ safeTxGas: 27845, baseGas: 0, gasPrice: "0", refundReceiver: zero, nonce: 3 },
};
const types = {
  SafeTx: [
    ...[
      ["to", "address"],
      ["value", "uint256"],
      ["data", "bytes"],
      ["operation", "uint8"],
    ],
    ...[
      ["safeTxGas", "uint256"],
      ["baseGas", "uint256"],
      ["gasPrice", "uint256"],
    ],
    ...[
      ["gasToken", "address"],
      ["refundReceiver", "address"],
      ["nonce", "uint256"],
    ],
  ].map(([name = "", type = ""]) => ({ name, type })),
};
const hashOn = (chainId: number | undefined, changes: object = {}) => {
  const domain = chainId === undefined ? {} : { chainId };
  const message = { ...tx, data: "0x", ...changes };
  return TypedDataEncoder.hash({ ...domain, verifyingContract: safe }, types, message);
};
const json = (value: unknown): JsonValue =>
  parseJson(JSON.stringify(value), { depthMax: 9, valuesMax: 99 });
const parse = (changes: object = {}) =>
  parseSafeTxArgs(account, json({ ...tx, ...changes }), undefined);

test.each([
  ["none", undefined, undefined],
  ["the default", 1, "0x1"],
  ["another one that is served", 10, "0xa"],
])("toSafeTx() finds by its hash which domain is meant: %s", (_name, chainId, shown) => {
  const made = toSafeTx(parse({ safeTxHash: hashOn(chainId) }), [10n, 1n]);
  expect(() => refuseMismatch(made)).not.toThrow();
  expect(safeTxResult(made, "0x00")).toMatchObject({
    contractTransactionHash: hashOn(chainId),
    safeTxHash: hashOn(chainId),
  });
  expect(safeTxResult(made, "0x00").chainId).toBe(shown);
  expect(safeTxForm(made).contentType).toBe("data/typed");
});

test.each([
  ["a hash of another chain", { safeTxHash: hashOn(5) }],
  ["no hash", {}],
  ["another amount", { safeTxHash: hashOn(1), value: "1" }],
  ["another operation", { safeTxHash: hashOn(1), operation: 1 }],
  ["the hash of no chain beside a chain", { safeTxHash: hashOn(undefined), chainId: 1 }],
])("refuseMismatch() refuses %s, whatever else it says", (_name, changes) => {
  for (const named of [changes, { chainId: 1, ...changes }]) {
    expect(() => refuseMismatch(toSafeTx(parse(named), [1n]))).toThrow(
      expect.objectContaining(failure("data.refused", "mismatched safeTxHash; have 0x")),
    );
  }
});

test("toSafeTx() signs for the chain that is named, however it is written", () => {
  for (const chainId of [5, "5", "0x5"]) {
    const made = toSafeTx(parse({ safeTxHash: hashOn(5), chainId }), [1n]);
    expect(made.hash).toBe(hashOn(5));
    expect(made.typed.chainId).toBe(5n);
  }
});

test("toSafeTx() takes every field into the hash", () => {
  const changes = {
    ...{ to: safe, value: "0x5", data: "0x1234", operation: 1, gasToken: to },
    ...{ safeTxGas: 1, baseGas: 2, gasPrice: "3", refundReceiver: safe, nonce: 4 },
  };
  for (const [name, value] of Object.entries(changes)) {
    const safeTxHash = hashOn(1, { [name]: value });
    expect(toSafeTx(parse({ [name]: value, safeTxHash }), [1n]).hash).toBe(safeTxHash);
  }
});

test.each([
  ["safe", undefined],
  ["to", "0x12"],
  ["value", 5],
  ["value", "-1"],
  ["gasPrice", `${2n ** 256n}`],
  ["data", "0x1"],
  ["operation", 2],
  ["operation", "0"],
  ["nonce", "3"],
  ["nonce", 1.5],
  ["nonce", -1],
  ["nonce", 2 ** 53],
  ["safeTxHash", "0x12"],
  ["chainId", -1],
  ["chainId", "x"],
])("parseSafeTxArgs() refuses %s %j", (name, value) => {
  expect(() => parse({ [name]: value })).toThrow(
    expect.objectContaining(failure("params.invalid", `invalid argument 1: field "${name}"`)),
  );
});

test("parseSafeTxArgs() ignores what relays add, and refuses a second spelling of a name", () => {
  expect(parse({ executionDate: null, confirmations: [1] })).toEqual(parse());
  expect(() => parse({ Nonce: 4 })).toThrow('invalid argument 1: field "Nonce"');
  expect(() => parseSafeTxArgs(account, null, undefined)).toThrow("expected an object");
});
