import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { readCalldata } from "../calldata.ts";
import { standardMethodsOf } from "../selectors.ts";
import { clefFindings } from "./clef.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const base = {
  ...{ from, to, gas: "0x5208", nonce: "0x0", value: "0x0" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1" },
};

function find(changes: object, claimed?: string): string[] {
  const json = JSON.stringify({ ...base, ...changes });
  const tx = parseJson(json, { depthMax: 10, valuesMax: 100_000 });
  const args = parseTransactionArgs(tx, claimed);
  const findings = clefFindings(args, readCalldata(args.data ?? "0x", claimed, standardMethodsOf));
  expect(findings.filter(({ source }) => source !== "clef")).toEqual([]);
  return findings.map(({ severity, message }) => `${severity} ${message}`);
}

const bytes = (count: number, byte = "12") => `0x${byte.repeat(count)}`;
const abi = "warning Transaction data is not valid ABI";
const unknown =
  "warning Transaction contains data, but the ABI signature could not be found: " +
  "signature 12121212 not found";
const small = (count: number) =>
  "warning Transaction will create a contract, but the payload is suspiciously small " +
  `(${count} bytes)`;

test.each([
  ["a transfer", {}],
  ["empty calldata", { data: "0x" }],
  ["a legacy transfer", { maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: "0x1" }],
  ["lower case without a checksum", { to: to.toLowerCase() }],
  ["upper case without a checksum", { to: `0X${to.slice(2).toUpperCase()}` }],
  ["a sender with a wrong checksum", { from: from.replace("Fd", "fD") }],
  ["a tip above the cap", { maxPriorityFeePerGas: "0x3" }],
  ["40 bytes of init code", { to: null, data: bytes(40) }],
  ["a creation without fees", { to: null, data: bytes(40), maxFeePerGas: null }],
])("clefFindings() finds nothing in %s", (_name, changes) => {
  expect(find(changes)).toEqual([]);
});

test.each([
  ["no code", { data: undefined }, "critical Transaction will create a contract with empty code"],
  ["empty code", { data: "0x" }, "critical Transaction will create a contract with empty code"],
  ["1 byte", { data: bytes(1) }, small(1)],
  ["39 bytes", { data: bytes(39), value: "0x1" }, small(39)],
])("clefFindings() warns of a creation with %s and of nothing else", (_name, changes, finding) => {
  expect(find({ to: null, maxFeePerGas: null, ...changes })).toEqual([finding]);
});

test.each([{}, { data: "0x" }, { input: "" }])(
  "clefFindings() refuses a creation with value but without code: %j",
  (changes) => {
    expect(() => find({ to: null, value: "0x1", ...changes })).toThrow(
      expect.objectContaining({ code: "transaction.refused" }),
    );
  },
);

test.each([to.replace("aA", "Aa"), to.replace("0x", "0X")])(
  "clefFindings() warns of the wrong checksum in %s",
  (wrong) => {
    expect(find({ to: wrong })).toEqual(["warning Invalid checksum on recipient address"]);
  },
);

test("clefFindings() warns of the zero address", () => {
  expect(find({ to: `0x${"0".repeat(40)}` })).toEqual([
    "critical Transaction recipient is the zero address",
  ]);
});

const neither = (name: string) => [`critical Neither 'gasPrice' nor '${name}' specified.`];
const both = (name: string) => [`critical Both 'gasPrice' and '${name}' specified.`];

test.each([
  [undefined, undefined, undefined, neither("maxFeePerGas")],
  [undefined, undefined, "0x1", neither("maxFeePerGas")],
  [undefined, "0x1", undefined, neither("maxPriorityFeePerGas")],
  [undefined, "0x0", "0x0", []],
  ["0x1", undefined, undefined, []],
  ["0x0", "0x0", undefined, both("maxFeePerGas")],
  ["0x1", undefined, "0x0", both("maxPriorityFeePerGas")],
  ["0x1", "0x1", "0x1", both("maxFeePerGas")],
])(
  "clefFindings() names the first contradiction of gasPrice %s, cap %s, tip %s",
  (gasPrice, maxFeePerGas, maxPriorityFeePerGas, findings) => {
    expect(find({ gasPrice, maxFeePerGas, maxPriorityFeePerGas })).toEqual(findings);
  },
);

test.each([
  [1, [`${abi} (missing the 4 byte call prefix)`]],
  [3, [`${abi} (missing the 4 byte call prefix)`]],
  [4, [unknown]],
  [5, [`${abi} (length should be a multiple of 32 (was 1))`, unknown]],
  [36, [unknown]],
  [67, [`${abi} (length should be a multiple of 32 (was 63))`, unknown]],
])("clefFindings() judges %i bytes of calldata", (count, findings) => {
  expect(find({ data: bytes(count) })).toEqual(findings);
  expect(find({ input: bytes(count) })).toEqual(findings);
});

test("clefFindings() keeps Clef's order: checksum, zero address, fees, calldata", () => {
  const messages = find({ to: to.replace("aA", "Aa"), maxFeePerGas: null, data: bytes(5) });
  expect(messages.map((message) => message.split(" ").slice(1, 3).join(" "))).toEqual([
    "Invalid checksum",
    "Neither 'gasPrice'",
    "Transaction data",
    "Transaction contains",
  ]);
});
