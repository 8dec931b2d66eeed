import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { parseSafeTxArgs } from "../../signable/safe-args.ts";
import { toSafeTx } from "../../signable/safe-tx.ts";
import { standardMethodsOf } from "../selectors.ts";
import { inspectSafeTx } from "./safe-tx.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const safe = "0x25a6c4BBd32B2424A9c99aEB0584Ad12045382B3";
const to = "0x9eE457023bB3De16D51A003a247BaEaD7fce313D";

function review(changes: object = {}, chains: readonly bigint[] = [1n]) {
  const tx = { safe, to, value: "20000000000000000", nonce: 3, chainId: 1, ...changes };
  const json = parseJson(JSON.stringify(tx), { depthMax: 9, valuesMax: 99 });
  return inspectSafeTx(
    toSafeTx(parseSafeTxArgs(account, json, undefined), chains),
    standardMethodsOf,
  );
}

test("inspectSafeTx() says what the Safe would do, and shows all that is signed", () => {
  const { headline, fields, details, findings } = review();
  expect(headline).toBe("Approve a transaction of a Safe on Ethereum (chain 1)");
  expect(fields.slice(1, -1).map(({ label, value }) => [label, value])).toEqual([
    ["Safe", safe],
    ["amount", "0.02 ETH"],
    ["to", to],
    ["Safe nonce", "3"],
  ]);
  const labels = details.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining([".operation", ".refundReceiver", "digest"]));
  expect(findings).toEqual([]);
});

test("inspectSafeTx() shows a call, and Clef's finding if nobody knows it", () => {
  const transfer = `0xa9059cbb${"0".repeat(24)}${"b".repeat(40)}${"0".repeat(63)}1`;
  const known = review({ data: transfer });
  expect(known.fields.find(({ label }) => label === "call")?.value).toContain("transfer");
  expect(review({ data: "0x12345678" }).findings).toContainEqual(
    expect.objectContaining({ severity: "warning", source: "clef" }),
  );
});

test.each([
  [{ operation: 1 }, "critical", "a delegatecall: the called code can do anything as the Safe"],
  [{ to: safe }, "warning", "the Safe calls itself: this changes its owners or settings"],
  [{ gasPrice: "1" }, "warning", "the Safe pays for the gas, to whom the fields below say"],
  [{ safe: safe.replace("25a6", "25A6") }, "warning", 'Invalid checksum on address at "safe"'],
  [{ to: to.replace("9eE4", "9Ee4") }, "warning", "Invalid checksum on recipient address"],
])("inspectSafeTx() finds in %j: %s %s", (changes, severity, message) => {
  const { findings } = review(changes);
  expect(findings).toContainEqual(expect.objectContaining({ severity, message }));
});

test("inspectSafeTx() warns of an old Safe, whose approvals hold on every chain", () => {
  const { headline, findings, fields } = review({ chainId: undefined }, []);
  expect(headline).toBe("Approve a transaction of a Safe on an unnamed chain");
  expect(fields.find(({ label }) => label === "amount")?.value).toBe("0.02 coins");
  expect(findings).toEqual([
    expect.objectContaining({ severity: "warning", message: expect.stringMatching(/^no chain/) }),
  ]);
});
