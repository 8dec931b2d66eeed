import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { checksummed, zeroAddress } from "../../domain/address.ts";
import { addressOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { parseChainId } from "../../domain/quantity.ts";
import { parseSigning } from "../../signable/kinds.ts";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { inspect } from "../inspect.ts";
import { standardMethodsOf } from "../selectors.ts";

const from = addressOf("a");
const delegate = addressOf("d");
const signature = { yParity: "0x0", r: "0x1", s: "0x1" };
const authorization = { chainId: "0x1", address: delegate, nonce: "0x8", ...signature };

/** Reviews a set-code transaction of `from` whose authorizations `authority` signed. */
function review(list: readonly object[], authority: typeof from | "nobody" = from) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({
    ...{ from, to: addressOf("b"), gas: "0x186a0", nonce: "0x7" },
    ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1", authorizationList: list },
  });
  const args = parseTransactionArgs(parseJson(json, limits.json));
  return inspect(args, parseSigning(args, chainId), {
    authorityOf: () => (authority === "nobody" ? undefined : authority),
    methodsOf: standardMethodsOf,
  });
}

const messages = (...args: Parameters<typeof review>) =>
  review(...args)
    .findings.filter(({ source, severity }) => source === "cleft" && severity !== "info")
    .map(({ severity, message }) => `${severity}: ${message}`);

test("describeSetCode() says first that code is set, whose, which, where and when", () => {
  const { headline, fields } = review([authorization]);
  expect(headline).toBe("Set the code of 1 account, and send 0 ETH on Ethereum (chain 1)");
  expect(fields.slice(0, 4).map(({ label, value }) => [label.trim(), value])).toEqual([
    ["account", checksummed(from)],
    ["gets code", checksummed(delegate)],
    ["on", "Ethereum (chain 1)"],
    ["at nonce", "8"],
  ]);
});

test("describeSetCode() shows every authorization", () => {
  const list = Array.from({ length: limits.authorizationsMax }, (_, at) => ({
    ...authorization,
    nonce: `0x${(at + 1).toString(16)}`,
  }));
  const { headline, fields } = review(list);
  // All are of one account.
  expect(headline).toContain("the code of 1 account,");
  expect(fields.filter(({ label }) => label === "  at nonce")).toHaveLength(list.length);
});

test("setCodeFindings() warns in red of what an authorization gives away", () => {
  expect(messages([authorization])).toEqual([
    `critical: authorization 1 lets the contract ${checksummed(delegate)} do ANYTHING with YOUR account ${checksummed(from)}`,
  ]);
  expect(messages([authorization], addressOf("c"))[0]).not.toContain("YOUR");
  expect(messages([{ ...authorization, chainId: "0x0" }])).toContain(
    "critical: authorization 1 counts on EVERY chain",
  );
});

test("setCodeFindings() tells taking code away from giving it", () => {
  expect(messages([{ ...authorization, address: zeroAddress }])).toEqual([
    `warning: authorization 1 takes the code of YOUR account ${checksummed(from)} away`,
  ]);
});

test.each([
  [{ chainId: "0xa" }, from, "authorization 1 is for chain 10"],
  [{ nonce: "0x7" }, from, "authorization 1 has nonce 7 but the sender will be at 8"],
])("setCodeFindings() says that the network skips %j", (changes, authority, why) => {
  expect(messages([{ ...authorization, ...changes }], authority)).toContain(
    `warning: ${why}, the network will skip it`,
  );
});

test("setCodeFindings() counts on, as each authorization of the sender uses up a nonce", () => {
  const list = ["0x8", "0x9", "0x9", "0xa"].map((nonce) => ({ ...authorization, nonce }));
  expect(messages(list).filter((message) => message.includes("skip"))).toEqual([
    "warning: authorization 3 has nonce 9 but the sender will be at 10, the network will skip it",
  ]);
});

test("setCodeFindings() says that nobody signed an authorization", () => {
  expect(messages([authorization], "nobody")).toEqual([
    "warning: authorization 1 has no valid signature, the network will skip it",
  ]);
});
