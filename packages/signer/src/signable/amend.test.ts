import { parseJson } from "@cleft/protocol/json.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { refusalOf } from "../domain/fakes.ts";
import { parseChainId } from "../domain/quantity.ts";
import { parseAmended } from "./amend.ts";
import { parseTransactionArgs, toTransactionWire } from "./transaction-args.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x000000000000000000000000000000000000dEaD";
const other = `0x${"11".repeat(20)}`;
const slot = `0x${"0".repeat(63)}1`;
const base = {
  ...{ from, to, gas: "0x5208", nonce: "0x0", value: "0xa", data: "0xab", chainId: "0x1" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1" },
};

const json = (value: unknown) =>
  parseJson(JSON.stringify(value), { depthMax: 10, valuesMax: 100_000 });
const chain = (id: bigint) => {
  const parsed = parseChainId(id);
  if (parsed === undefined) throw new Error("no chain");
  return parsed;
};
const shown = chain(1n);
const ask = (changes: object = {}) => parseTransactionArgs(json({ ...base, ...changes }));
const amend = (returned: object, asked: object = {}) =>
  parseAmended(ask(asked), json({ ...base, ...asked, ...returned }), shown);

const refusal = (returned: object, asked: object = {}) => refusalOf(() => amend(returned, asked));

test("parseAmended() gives back what was asked when a window echoes what it was shown", () => {
  const quantity = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => `0x${n.toString(16)}`);
  const transaction = fc.record(
    {
      ...{ gas: quantity, nonce: quantity, value: quantity, maxFeePerGas: quantity },
      to: fc.constantFrom(to, to.toLowerCase(), null, other),
      data: fc.constantFrom(null, "", "0x", "0xAB00"),
      input: fc.constant(null),
      accessList: fc.constantFrom(null, [], [{ address: to, storageKeys: [slot] }]),
      chainId: fc.constantFrom("0x0", "0x1", "0x20000000000001"),
      unknown: fc.anything({ maxDepth: 0 }),
    },
    { requiredKeys: ["gas", "nonce", "maxFeePerGas"] },
  );
  fc.assert(
    fc.property(transaction, (drawn) => {
      const asked = parseTransactionArgs(json({ from, ...drawn }));
      expect(parseAmended(asked, json(toTransactionWire(asked)), shown)).toEqual(asked);
    }),
  );
});

test.each([
  { gas: "0x5209" },
  { nonce: "0x7" },
  { maxFeePerGas: "0x99" },
  { maxPriorityFeePerGas: "0x0" },
  { value: "0x9" },
  { value: "0x0" },
])("parseAmended() lets a window change %j", (changes) => {
  const asked = ask();
  const [[name = "", text] = []] = Object.entries(changes);
  expect(amend(changes)).toEqual({ ...asked, [name]: BigInt(text ?? "") });
});

test.each([
  ["from", { from: other }],
  ["to", { to: other }],
  ["to", { to: null }],
  ["to", { to: undefined }],
  ["data", { data: "0xac" }],
  ["data", { data: undefined }],
  ["data", { data: "0x" }],
  ["data", { data: "0xab00" }],
  ["value", { value: "0xb" }],
  ["chainId", { chainId: "0x5" }],
  ["chainId", { chainId: "0x0" }],
  ["accessList", { accessList: [{ address: to, storageKeys: [] }] }],
  ["type", { maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: "0x1" }],
  ["type", { maxFeePerGas: null, gasPrice: "0x1", accessList: [] }],
])("parseAmended() refuses a changed %s: %j", (name, changes) => {
  expect(refusal(changes)).toBe(`window.amendment the window changed ${name}, which it may not`);
});

test("parseAmended() refuses a recipient for what was a creation", () => {
  expect(refusal({ to: `0x${"0".repeat(40)}` }, { to: null })).toContain("changed to");
});

test.each([
  ["one key less", [{ address: to, storageKeys: [slot] }]],
  [
    "another order",
    [
      { address: other, storageKeys: [] },
      { address: to, storageKeys: [slot, slot] },
    ],
  ],
  ["none", undefined],
])("parseAmended() refuses an access list with %s", (_name, accessList) => {
  const asked = [
    { address: to, storageKeys: [slot, slot] },
    { address: other, storageKeys: [] },
  ];
  expect(refusal({ accessList }, { accessList: asked })).toContain("changed accessList");
});

test.each([
  [
    "capitals",
    { from: from.toLowerCase(), to: to.toUpperCase().replace("0X", "0x"), data: "0xAB" },
  ],
  ["input for data", { data: undefined, input: "0xab" }],
  ["an empty access list", { accessList: [] }],
  ["no chain", { chainId: undefined }],
  ["unknown fields", { comment: "x" }],
])("parseAmended() compares by meaning: %s", (_name, changes) => {
  const asked = ask();
  const amended = amend(changes);
  expect(amended).toMatchObject({ from: asked.from, to: asked.to, data: "0xab", chainId: 1n });
  expect(amended.ignored).toEqual([]);
});

test("parseAmended() lets a window name the chain that was shown when the caller named none", () => {
  expect(amend({ chainId: "0x1" }, { chainId: undefined }).chainId).toBe(1n);
  expect(amend({ chainId: undefined }, { chainId: undefined }).chainId).toBeUndefined();
  expect(refusal({ chainId: "0x5" }, { chainId: undefined })).toContain("changed chainId");
});

test("parseAmended() never leads to another chain than was shown, whoever names one", () => {
  const id = fc.bigInt({ min: 1n, max: 4n });
  const named = fc.option(id, { nil: undefined });
  fc.assert(
    fc.property(id, named, fc.boolean(), (shownId, returned, isAsked) => {
      const hex = (number: bigint | undefined) => number && `0x${number.toString(16)}`;
      const asked = ask({ chainId: isAsked ? hex(shownId) : undefined });
      const wire = json({ ...base, chainId: hex(returned) });
      const act = () => parseAmended(asked, wire, chain(shownId)).chainId ?? shownId;
      if (returned === undefined || returned === shownId) expect(act()).toBe(shownId);
      else expect(act).toThrow("the window changed chainId");
    }),
  );
});

test("parseAmended() keeps the fields that the caller sent and that mean nothing", () => {
  const asked = ask({ comment: "x" });
  expect(parseAmended(asked, json(base), shown).ignored).toEqual(["comment"]);
});

test.each([
  ["null", null],
  ["a text", "{}"],
  ["nothing", {}],
  ["another name", { ...base, To: other }],
  ["two calldata", { ...base, input: "0xac" }],
  ["an authorization list", { ...base, authorizationList: [{}] }],
  ["blob fields", { ...base, maxFeePerBlobGas: "0x1" }],
  ["a wrong quantity", { ...base, gas: "0x00" }],
])("parseAmended() refuses %s as no transaction", (_name, returned) => {
  expect(() => parseAmended(ask(), json(returned), shown)).toThrow(
    expect.objectContaining({
      code: "window.amendment",
      message: "the window sent back no valid transaction",
    }),
  );
});
