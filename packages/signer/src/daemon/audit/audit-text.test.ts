import { isObject, parseJson } from "@cleft/protocol/json.ts";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../domain/address.ts";
import { limits } from "../../domain/limits.ts";
import { asciiJson, entryText } from "./audit-text.ts";

/** An entry as it stands on the disk. */
function entryOf(first: object, second?: object) {
  const read = (fields: object) => {
    const record = parseJson(JSON.stringify(fields), limits.json);
    if (!isObject(record)) throw new Error("no object");
    return record;
  };
  const end = second === undefined ? undefined : read(second);
  return { record: read(first), end, lines: [] };
}

const intent = {
  seq: 1,
  at: "2026-11-25T14:52:03.123Z",
  prev: "0".repeat(64),
  type: "intent",
  request: "3f2b8c1e-0000-4000-8000-000000000000",
  caller: "loopback:default",
  method: "account_signTransaction",
  account: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  kind: "fee-market",
  chainId: "11155111",
  nonce: "18446744073709551615",
  to: "0x000000000000000000000000000000000000dead",
  valueWei: "1234500000000000000001",
  feeMaxWei: "63000000000000",
  preimage: `0x${"c".repeat(64)}`,
  decider: "person",
};
const outcome = { seq: 2, type: "outcome", request: intent.request, signed: `0x${"d".repeat(64)}` };
const show = (first: object, second?: object) =>
  entryText(entryOf(first, second), { ascii: false });

describe("entryText()", () => {
  test("entryText() says what a signed transaction moved, within 80 columns", () => {
    const text = show(intent, outcome);
    expect(text).toBe(`2026-11-25 14:52:03Z  signed, approved by a person
    account   0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
    to        0x000000000000000000000000000000000000dEaD
    value     1_234.500000000000000001 test ETH
    fee       at most 0.000063 test ETH
    chain     Sepolia testnet (chain 11155111), nonce 18446744073709551615
    hash      0x${"d".repeat(64)}
    asked by  loopback:default, account_signTransaction, kind fee-market
    request   3f2b8c1e-0000-4000-8000-000000000000`);
    expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  });

  test("entryText() says what was shown, which call it was and what was warned of", () => {
    const to = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const seen = {
      shown: "Call a contract on Ethereum (chain 1)",
      call: `approve(address,uint256) ${to} ${2n ** 256n - 1n}`,
      warnings: [`critical: this lets ${to} spend ANY amount of your tokens of this contract`],
    };
    const text = show({ ...intent, ...seen }, outcome);
    expect(text).toContain("\n    what      Call a contract on Ethereum (chain 1)\n");
    expect(text).toContain(`\n    call      approve(address,uint256)\n${" ".repeat(14)}${to}\n`);
    expect(text).toContain(`\n    warned    critical: this lets ${to}\n`);
    expect(text.split("\n").every((line) => line.length <= 92)).toBe(true);
  });

  test.each([
    [
      "an intent without outcome",
      intent,
      undefined,
      /NO OUTCOME, approved by a person\n {4}state {5}under way, or cut off by a crash: counts as signed\n/,
    ],
    [
      "a failed one",
      intent,
      { ...outcome, signed: false, failure: "password.wrong" },
      "NOT SIGNED (password.wrong)",
    ],
    ["a refusal", { ...intent, type: "refusal", failure: "request.denied" }, undefined, "REFUSED"],
    ["a listing", { type: "listing", accounts: ["0x1", "0x2"] }, undefined, "listed 2 accounts"],
    ["a new account", { type: "creation", decider: "person" }, undefined, "account created, app"],
    [
      "an act",
      { type: "act", method: "newaccount" },
      { type: "done", request: "r" },
      /done: newaccount\n {4}asked by {2}newaccount$/,
    ],
    [
      "an act that failed",
      { type: "act", method: "newaccount", account: "0x1" },
      { type: "refusal", method: "newaccount", account: "0x1", failure: "store.failed" },
      /FAILED \(store\.failed\): newaccount\n {4}account {3}0x1\n {4}asked by {2}newaccount$/,
    ],
    [
      "an act without end",
      { type: "act", method: "newaccount" },
      undefined,
      /asked for: newaccount\n {4}state {5}under way, or cut off: nobody wrote down how it ended\n/,
    ],
    ["a label", { type: "act", label: "Savings" }, undefined, /\n {4}label {5}Savings$/],
    ["a label's end", { type: "act", label: "" }, undefined, /\n {4}label {5}none any more$/],
    ["a copy", { type: "act", file: "/a\u001b" }, undefined, /\n {4}file {6}\/a⟨U\+001B⟩$/],
    ["an unknown type", { type: "later", x: "y" }, undefined, /later\n {4}x {9}y$/],
    ["a text", { type: "intent", kind: "text" }, outcome, /signed\n {4}hash .*\n.*kind text$/],
    ["a new contract", { ...intent, to: "create" }, outcome, "a new contract"],
  ])("entryText() shows %s", (_, first, second, expected) => {
    expect(show(first, second)).toMatch(expected);
  });

  test("entryText() shows the operator's names of accounts beside them, and marks what they hide", () => {
    const [from, to] = [parseAddress(intent.account), parseAddress(intent.to)];
    if (from === undefined || to === undefined) throw new Error("no address");
    const labels = new Map([
      [from, "Savings"],
      [to, "Zürich"],
    ]);
    const text = entryText(entryOf(intent, outcome), { ascii: true }, labels);
    expect(text).toContain('account   0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 (your "Savings")');
    expect(text).toContain('dEaD (your "Z<U+00FC>rich")');
    const listing = { type: "listing", accounts: [from, "0x1"] };
    expect(entryText(entryOf(listing), { ascii: true }, labels)).toMatch(
      /listed 2 accounts\n {4}account {3}0xf39F\w+ \(your "Savings"\)\n {4}account {3}0x1/,
    );
  });

  test("entryText() lets no text of the disk move the screen or fake a line", () => {
    const evil = "\u001b[2J\u202e\n    value     0";
    const hostile = Object.fromEntries(Object.keys(intent).map((name) => [name, evil]));
    const text = show({ ...hostile, [evil]: evil }, { type: "outcome", signed: evil });
    expect(text).not.toMatch(/[\u001b\u202e]|^ {4}value {5}0/m);
    expect(
      entryText({ record: undefined, end: undefined, lines: [Buffer.from(evil)] }, { ascii: true }),
    ).not.toMatch(/[\u001b\n]/);
  });

  test("entryText() shows numbers that are none, and huge ones, as they are", () => {
    expect(show({ ...intent, valueWei: "lots", chainId: "-1" })).toMatch(/value {5}lots/);
    expect(show({ ...intent, valueWei: "9".repeat(200) })).toContain("9".repeat(200));
    expect(show({ ...intent, to: ["x"], nonce: { y: 1 }, decider: 5 })).toContain("approved by 5");
  });
});

test("asciiJson() keeps the value and drops what a terminal could obey", () => {
  const line = Buffer.from('{"a":"\u009b2J\u202e é 😀"}');
  const text = asciiJson(line);
  expect(text).toMatch(/^[ -~]*$/);
  expect(JSON.parse(text)).toEqual(JSON.parse(line.toString()));
});
