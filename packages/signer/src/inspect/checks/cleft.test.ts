import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { parseChainId } from "../../domain/quantity.ts";
import { parseSigning } from "../../signable/kinds.ts";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { cleftFindings } from "./cleft.ts";

const to = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const base = {
  ...{ from: to, to, gas: "0x5208", nonce: "0x0", chainId: "0x1" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x2" },
};

function find(changes: object): string[] {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({ ...base, ...changes });
  const args = parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 }));
  const findings = cleftFindings(args, parseSigning(args, chainId));
  expect(findings.filter(({ source }) => source !== "cleft")).toEqual([]);
  return findings.map(({ severity, message }) => `${severity} ${message}`);
}

test.each([
  ["a plain transfer", {}],
  ["a creation", { to: null, data: "0x00" }],
  ["a tip of the whole cap", { maxPriorityFeePerGas: "0x2" }],
  ["the most gas that EIP-7825 allows", { gas: "0x1000000" }],
])("cleftFindings() finds nothing in %s", (_name, changes) => {
  expect(find(changes)).toEqual([]);
});

test.each([
  [
    "lower case",
    { to: to.toLowerCase() },
    "info the caller wrote the recipient without a checksum",
  ],
  [
    "a wrong checksum, as it was written",
    { to: to.replace("aA", "Aa") },
    `info the caller wrote the recipient as ${to.replace("aA", "Aa")}`,
  ],
  [
    "upper case",
    { to: `0x${to.slice(2).toUpperCase()}` },
    "info the caller wrote the recipient without a checksum",
  ],
  [
    "no chain",
    { chainId: undefined },
    "info the caller named no chain, the configured one is used",
  ],
  [
    "a tip above the cap",
    { maxPriorityFeePerGas: "0x3" },
    "warning the tip is above the fee cap, the network will drop this transaction",
  ],
  [
    "too much gas",
    { gas: "0x1000001" },
    "warning more gas than one transaction may use (16777216)",
  ],
])("cleftFindings() notices %s", (_name, changes, finding) => {
  expect(find(changes)).toEqual([finding]);
});

test("cleftFindings() names every ignored field", () => {
  expect(find({ comment: 1, ["__proto__"]: 2, v: "0x0" })).toEqual([
    'info ignored field "comment"',
    'info ignored field "__proto__"',
    'info ignored field "v"',
  ]);
});
