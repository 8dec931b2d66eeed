import { parseJson } from "@cleft/protocol/json.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { refusalOf } from "../domain/fakes.ts";
import { parseTransactionArgs, toTransactionWire } from "./transaction-args.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x000000000000000000000000000000000000dEaD";
const base = {
  ...{ from, to, gas: "0x5208", nonce: "0x0", value: "0x1" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1" },
};

const parseText = (json: string) =>
  parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 }));
const parse = (changes: object = {}) => parseText(JSON.stringify({ ...base, ...changes }));

const refusal = (changes: object) => refusalOf(() => parse(changes));

test.each([null, "0x", [], true, 1])("parseTransactionArgs() refuses %j for an object", (value) => {
  expect(() => parseText(JSON.stringify(value))).toThrow("expected an object");
});

test.each(["from", "gas", "nonce"])("parseTransactionArgs() never guesses %s", (name) => {
  expect(refusal({ [name]: undefined })).toBe(
    `params.invalid invalid argument 0: field "${name}": missing required field '${name}'`,
  );
  expect(refusal({ [name]: null })).toContain(`field "${name}"`);
});

test("parseTransactionArgs() takes an absent value as 0 and refuses null", () => {
  expect(parse({ value: undefined }).value).toBe(0n);
  expect(refusal({ value: null })).toContain('field "value"');
});

test("parseTransactionArgs() creates a contract only when to is absent or null", () => {
  expect(parse({ to: null }).to).toBe("create");
  expect(parse({ to: undefined }).to).toBe("create");
  for (const wrong of ["", "0x", "create", false, 0, [], {}]) {
    expect(refusal({ to: wrong })).toContain('field "to"');
  }
});

test.each([
  [{ maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: "0x1" }, 0],
  [{ maxFeePerGas: null, gasPrice: "0x1", accessList: [] }, 1],
  [{ accessList: [] }, 2],
  [{ gasPrice: "0x1" }, 2],
  [{ blobVersionedHashes: [`0x01${"0".repeat(62)}`], maxFeePerBlobGas: "0x1" }, 3],
  [{ blobs: [`0x${"00".repeat(131_072)}`], maxFeePerBlobGas: "0x1" }, 3],
])("parseTransactionArgs() chooses the type by Clef's rule for %j", (changes, type) => {
  expect(parse(changes).type).toBe(type);
});

test.each([
  ["maxFeePerBlobGas", "0x1"],
  ["blobVersionedHashes", []],
  ["blobVersionedHashes", "0x01"],
  ["blobVersion", 0],
  ["blobs", []],
  ["commitments", []],
  ["proofs", {}],
  ["authorizationList", []],
  ["authorizationList", false],
  ["authorizationList", {}],
  ["gasLimit", "0x5209"],
  ["gasLimit", "5208"],
  ["gasLimit", 21000],
  ["type", "0x0"],
  ["type", "0x4"],
  ["type", 1],
  ["type", true],
  ["type", ""],
  ["type", "eip1559"],
  ["type", 2.5],
  ["type", "0x0000000002"],
])("parseTransactionArgs() refuses a type 2 transaction with %s %j", (name, value) => {
  expect(refusal({ [name]: value })).toContain(
    `params.invalid invalid argument 0: field "${name}"`,
  );
});

test.each([{ type: "0x2" }, { type: "0x02" }, { type: 2 }, { type: null }])(
  "parseTransactionArgs() takes a type that fits: %j",
  (changes) => {
    expect(parse(changes).type).toBe(2);
  },
);

test("parseTransactionArgs() takes a gasLimit that equals gas, and null for what it never uses", () => {
  expect(parse({ gasLimit: "0x5208" })).toEqual(parse());
  expect(parse({ gasLimit: null, authorizationList: null, blobs: null })).toEqual(parse());
});

test.each([
  "From",
  "TO",
  "Gas",
  "NONCE",
  "chainid",
  "Type",
  "gaslimit",
  "AuthorizationList",
  "DATA",
])("parseTransactionArgs() refuses %s, which Clef would take for a known field", (name) => {
  expect(refusal({ [name]: null })).toContain(`field "${name}": expected the name`);
});

test.each(["gaſ", "acceſſList"])(
  "parseTransactionArgs() refuses %s, which Go folds to a known field too",
  (name) => {
    expect(refusal({ [name]: null })).toContain("expected the name");
  },
);

test("parseTransactionArgs() lists fields that mean nothing, prototype names included", () => {
  const extra = '"__proto__":{"to":null},"constructor":1,"gas ":"0x1","v":"0x0"';
  const args = parseText(`${JSON.stringify(base).slice(0, -1)},${extra}}`);
  expect(args.ignored).toEqual(["__proto__", "constructor", "gas ", "v"]);
  expect({ ...args, ignored: [] }).toEqual(parse());
});

test("parseTransactionArgs() takes no field from a nested __proto__", () => {
  expect(() => parseText(`{"__proto__":${JSON.stringify(base)}}`)).toThrow('field "from"');
});

test.each([
  [{}, undefined],
  [{ data: "0xAB" }, "0xab"],
  [{ input: "0xab" }, "0xab"],
  [{ data: "0xab", input: "0xAB" }, "0xab"],
  [{ data: "", input: "0x" }, "0x"],
  [{ data: null, input: "0xab" }, "0xab"],
  [{ data: "0xab", input: null }, "0xab"],
])("parseTransactionArgs() reads one calldata from %j", (changes, data) => {
  expect(parse(changes).data).toBe(data);
});

test.each([
  { data: "0x", input: "0xab" },
  { data: "0xab", input: "" },
  { data: "0xab", input: "0xab00" },
])("parseTransactionArgs() refuses the ambiguous %j", (changes) => {
  expect(refusal(changes)).toBe(
    'transaction.refused ambiguous request: both "data" and "input" are set and are not identical',
  );
});

test.each([
  ["0x1", 1n],
  ["0x0", 0n],
  ["0x20000000000001", 2n ** 53n + 1n],
])("parseTransactionArgs() keeps chainId %s to be compared", (chainId, value) => {
  expect(parse({ chainId }).chainId).toBe(value);
});

test.each([1, "1", "0x01", "", "0X01"])("parseTransactionArgs() refuses chainId %j", (chainId) => {
  expect(refusal({ chainId })).toContain('field "chainId"');
});

test("toTransactionWire() writes Clef's keys in Clef's order", () => {
  const all = { input: "0xAB", accessList: [{ address: to, storageKeys: [] }], chainId: "0x1" };
  expect(JSON.stringify(toTransactionWire(parse(all)))).toBe(
    `{"from":"${from}","to":"${to}","gas":"0x5208","gasPrice":null,"maxFeePerGas":"0x2",` +
      `"maxPriorityFeePerGas":"0x1","value":"0x1","nonce":"0x0","data":"0xab",` +
      `"accessList":[{"address":"${to.toLowerCase()}","storageKeys":[]}],"chainId":"0x1"}`,
  );
});

test("toTransactionWire() leaves out what the caller left out", () => {
  const wire = toTransactionWire(parse({ to: undefined }));
  expect(wire.to).toBeNull();
  expect(Object.keys(wire)).toHaveLength(8);
});

const authorization = {
  ...{ chainId: "0x1", address: to, nonce: "0x1" },
  ...{ yParity: "0x0", r: "0x1", s: `0x${"0".repeat(63)}2` },
};

test("parseTransactionArgs() takes every authorization as it was asked, in its order", () => {
  const list = [authorization, { ...authorization, chainId: "0x0", nonce: "0xffffffffffffffff" }];
  const args = parse({ authorizationList: list });
  expect(args.type).toBe(4);
  const word = (digit: string) => `0x${"0".repeat(63)}${digit}`;
  const signature = { r: word("1"), s: word("2"), yParity: 0 };
  expect(args.authorizationList).toEqual([
    { chainId: 1n, delegate: to.toLowerCase(), nonce: 1n, signature },
    { chainId: 0n, delegate: to.toLowerCase(), nonce: 2n ** 64n - 1n, signature },
  ]);
  const wire = toTransactionWire(args);
  expect(parse({ ...wire }).authorizationList).toEqual(args.authorizationList);
});

test.each([
  ["authorizationList", { authorizationList: [] }],
  ["authorizationList", { authorizationList: Array.from({ length: 17 }, () => authorization) }],
  ["authorizationList[0]", { authorizationList: [null] }],
  ["to", { authorizationList: [authorization], to: null }],
  ["gasPrice", { authorizationList: [authorization], gasPrice: "0x1" }],
  ["type", { authorizationList: [authorization], type: "0x2" }],
  ["maxFeePerBlobGas", { authorizationList: [authorization], maxFeePerBlobGas: "0x1" }],
  ["blobs", { authorizationList: [authorization], blobs: [] }],
])("parseTransactionArgs() names %s that a type 4 transaction can't have: %j", (name, changes) => {
  expect(refusal(changes)).toContain(`params.invalid invalid argument 0: field "${name}"`);
});

test.each([
  ["chainId", undefined],
  ["chainId", 1],
  ["chainId", `0x1${"0".repeat(64)}`],
  ["address", undefined],
  ["address", null],
  ["nonce", undefined],
  ["nonce", "0x10000000000000000"],
  ["yParity", undefined],
  ["yParity", "0x2"],
  ["yParity", "0x1b"],
  ["r", undefined],
  ["r", `0x1${"0".repeat(64)}`],
  ["s", "1"],
  ["s", 1],
  ["S", "0x1"],
  ["v", "0x1b"],
])("parseTransactionArgs() names %s of an authorization when it is %j", (name, value) => {
  expect(refusal({ authorizationList: [{ ...authorization, [name]: value }] })).toContain(
    `params.invalid invalid argument 0: field "authorizationList[0].${name}"`,
  );
});

test("parseTransactionArgs() takes or refuses any fields of types 3 and 4, and never signs less", () => {
  const hash = `0x01${"11".repeat(31)}`;
  const point = `0x${"c0".repeat(48)}`;
  const odd = fc.constantFrom<unknown>(null, undefined, [], {}, "", "0x", "0x1", 0, 1, true, [
    null,
  ]);
  const some = <T>(good: T) => fc.oneof(fc.constant(good), odd, fc.jsonValue({ maxDepth: 2 }));
  const fields = fc.record(
    {
      type: some("0x3"),
      gasPrice: odd,
      maxFeePerBlobGas: some("0x1"),
      blobVersionedHashes: some([hash]),
      blobVersion: some(0),
      blobs: some(["0x00"]),
      commitments: some([point]),
      proofs: some([point]),
      authorizationList: some([authorization]),
    },
    { requiredKeys: [] },
  );
  const filled = (value: unknown) => Array.isArray(value) && value.length > 0;
  fc.assert(
    fc.property(fields, (changes) => {
      const said = refusal(changes);
      if (said !== "accepted") {
        expect(said).toMatch(/^(?:params\.invalid|transaction\.refused) /);
        return;
      }
      const args = parse(changes);
      const { blobVersionedHashes, authorizationList } = changes;
      expect(args.type === 3).toBe(filled(blobVersionedHashes));
      expect(args.type === 4).toBe(filled(authorizationList));
    }),
    { numRuns: 2000 },
  );
});
