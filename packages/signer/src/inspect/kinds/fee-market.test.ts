import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { parseChainId } from "../../domain/quantity.ts";
import { feeMarket } from "../../signable/fee-market.ts";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { readCalldata } from "../calldata.ts";
import { standardMethodsOf } from "../selectors.ts";
import { describeFeeMarket } from "./fee-market.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const slot = `0x${"0".repeat(63)}1`;
const base = {
  ...{ from, to, gas: "0x5208", nonce: "0x20000000000001", value: "0xde0b6b3a7640001" },
  ...{ maxFeePerGas: "0x3b9aca00", maxPriorityFeePerGas: "0x1" },
};

function describe(changes: object = {}) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({ ...base, ...changes });
  const args = parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 }));
  const calldata = readCalldata(args.data ?? "0x", undefined, standardMethodsOf);
  return describeFeeMarket(feeMarket.parse(args, chainId), { from: args.from.address, calldata });
}

const pairs = (fields: readonly { label: string; value: string }[]) =>
  fields.map(({ label, value }) => [label, value]);

test("describeFeeMarket() shows amounts to the last digit and addresses in full", () => {
  const { fields, details } = describe({ to: to.toLowerCase() });
  expect(pairs(fields)).toEqual([
    ["amount", "1.000000000000000001 ETH"],
    ["to", to],
    ["from", from],
    ["fee at most", "0.000021 ETH"],
    ["total at most", "1.000021000000000001 ETH"],
  ]);
  expect(pairs(details)).toEqual([
    ["nonce", "9007199254740993"],
    ["gas", "21000"],
    ["fee cap", "1 gwei per gas"],
    ["tip", "0.000000001 gwei per gas"],
    ["type", "2 (EIP-1559)"],
  ]);
});

test("describeFeeMarket() shows every entry and key of the access list", () => {
  const accessList = [
    { address: to, storageKeys: [slot, slot] },
    { address: from, storageKeys: [] },
  ];
  const { details } = describe({ accessList });
  expect(pairs(details).slice(5)).toEqual([
    ["access", to],
    ["slot", slot],
    ["slot", slot],
    ["access", from],
  ]);
});

test("describeFeeMarket() shows the beginning of a long access list, and how much it leaves out", () => {
  const { shownAccessLines: shown } = limits;
  const entry = { address: to, storageKeys: [slot, slot] };
  const lists = [
    Array.from({ length: 5 }, () => entry),
    [{ address: to, storageKeys: Array.from({ length: 14 }, () => slot) }],
    Array.from({ length: 15 }, () => ({ address: to, storageKeys: [] })),
  ];
  for (const accessList of lists) {
    const lines = pairs(describe({ accessList }).details).slice(5);
    expect(lines).toHaveLength(shown + 1);
    expect(lines.at(-1)).toEqual(["", `and ${15 - shown} more that are not shown`]);
  }
});

test.each([
  ["a transfer", {}, "Send 1.000000000000000001 ETH on Ethereum (chain 1)"],
  ["a transfer of nothing", { value: "0x0" }, "Send 0 ETH on Ethereum (chain 1)"],
  [
    "a call",
    { data: "0x00" },
    "Call a contract and send 1.000000000000000001 ETH on Ethereum (chain 1)",
  ],
  ["a creation", { to: null, data: "0x00" }, "Create a contract on Ethereum (chain 1)"],
])("describeFeeMarket() says in one sentence what %s is", (_name, changes, headline) => {
  expect(describe(changes).headline).toBe(headline);
});

test("describeFeeMarket() says of calldata that it can't be decoded, and shows it", () => {
  const { fields, data } = describe({ input: "0xABCD" });
  expect(pairs(fields).at(-1)).toEqual([
    "call",
    "2 bytes, cannot be decoded: you would sign blind",
  ]);
  expect(data).toBe("0xabcd");
});

test("describeFeeMarket() shows a creation's value and code", () => {
  const { fields, data } = describe({ to: null, data: "0x6000" });
  expect(pairs(fields)).toContainEqual(["amount", "1.000000000000000001 ETH"]);
  expect(pairs(fields)).toContainEqual(["to", "a new contract"]);
  expect(pairs(fields).at(-1)).toEqual(["code", "2 bytes, shown below"]);
  expect(data).toBe("0x6000");
});

test("describeFeeMarket() confirms by the recipient's end, or the account's for a creation", () => {
  expect(describe().confirmation).toEqual({ text: "eAed", at: "to" });
  expect(describe({ to: null }).confirmation).toEqual({
    text: "2266",
    at: "from",
  });
});

test("describeFeeMarket() shows a fee beyond 2^256 without wrapping", () => {
  const { fields } = describe({ gas: "0xffffffffffffffff", maxFeePerGas: `0x${"f".repeat(64)}` });
  const [, , , fee = []] = pairs(fields);
  expect(fee[1]?.replaceAll("_", "").split(".")[0]).toBe(
    String(((2n ** 64n - 1n) * (2n ** 256n - 1n)) / 10n ** 18n),
  );
});
