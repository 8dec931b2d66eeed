import { toHex, toQuantity } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import fc from "fast-check";
import { parseTransaction } from "viem";
import { expect, test } from "vitest";
import { checksummed } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { addressOf, callerWith, FakeClock, failure, findingsFor } from "../../domain/fakes.ts";
import type { FindingsMode } from "../../domain/finding.ts";
import { hashOf } from "../../domain/hash.ts";
import { limits } from "../../domain/limits.ts";
import { type ChainId, parseChainId } from "../../domain/quantity.ts";
import { RecordedHeaders } from "../../ledger/headers.ts";
import { parseAuthorization } from "../../signable/authorization.ts";
import { cliqueHeader } from "../../signable/fakes.ts";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { parseTypedData } from "../../signable/typed-data/typed-data.ts";
import { considerMessage, considerTransaction } from "./consider.ts";

const address = `0x${"ab".repeat(20)}`;
const asking = { id: "1", method: "m", caller: callerWith(), gone: new AbortController().signal };

/** Any chain id, small ones often, so that a request often names a listed one. */
const id = fc.oneof(fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }));
const chain = id.map((one): ChainId => {
  const parsed = parseChainId(one);
  if (parsed === undefined) throw new Error("no chain");
  return parsed;
});
const chains = fc.uniqueArray(chain, { minLength: 1, maxLength: 4 });
const fees = fc.constantFrom(
  { gasPrice: "0x1" },
  { gasPrice: "0x1", accessList: [] },
  { maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1" },
);
const asked = fc.option(fc.oneof(fc.constant(0n), id), { nil: undefined });

test("considerTransaction() prepares bytes for the chain that was asked, or the default, never another", () => {
  fc.assert(
    fc.property(chains, fees, asked, fc.nat(), (listed, fee, chainId, at) => {
      const [first] = listed;
      const standard = listed[at % listed.length] ?? first;
      if (standard === undefined) throw new Error("no chain");
      const lists = { chains: listed, delegates: [], permits: [] };
      const judgeSettings = { chainId: standard, ...lists, findings: findingsFor("show") };
      const named = chainId === undefined ? {} : { chainId: toQuantity(chainId) };
      const wire = { from: address, to: address, gas: "0x1", nonce: "0x0", ...fee, ...named };
      const json = parseJson(JSON.stringify(wire), { depthMax: 10, valuesMax: 100 });
      const act = () =>
        considerTransaction(parseTransactionArgs(json), asking, {
          judgeSettings,
          generation: () => 1,
        });
      if (chainId !== undefined && !listed.some((one) => one === chainId)) {
        expect(act).toThrow(Failure);
        expect(act).toThrow(`requested chainid ${chainId} does not match the configuration`);
        return;
      }
      const { signing, facts, preimage } = act();
      const wanted = chainId ?? standard;
      expect([signing.chainId, facts?.chainId]).toEqual([wanted, wanted]);
      expect(parseTransaction(preimage).chainId).toBe(Number(wanted));
    }),
    { numRuns: 500 },
  );
});

const settings = (mode: FindingsMode = "reject") => {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const ledger = { headers: new RecordedHeaders() };
  const lists = { chains: [chainId], delegates: [], permits: [] };
  const judgeSettings = { chainId, ...lists, findings: findingsFor(mode) };
  return { judgeSettings, generation: () => 1, ledger, clock: new FakeClock() };
};
const account = { address: addressOf("a"), text: addressOf("a") };

function typedData(domain: object, wallet: string) {
  const types = {
    EIP712Domain: [{ name: "chainId", type: "uint256" }],
    T: [{ name: "wallet", type: "address" }],
  };
  const typed = { types, primaryType: "T", domain, message: { wallet } };
  return parseTypedData(account, parseJson(JSON.stringify(typed), limits.json));
}

test("considerMessage() refuses typed data for a chain that isn't served, in every mode", () => {
  for (const mode of ["reject", "show"] as const) {
    const foreign = typedData({ chainId: 5 }, address);
    expect(() => considerMessage(foreign, asking, settings(mode))).toThrow(
      expect.objectContaining(failure("chain.wrong", "requested chainid 5 does not match")),
    );
  }
  const { kind, form, preimage } = considerMessage(
    typedData({ chainId: "0x1" }, address),
    asking,
    settings(),
  );
  expect(kind).toBe("typed-data");
  expect(preimage).toBe(toHex(form.preimage));
});

test("considerMessage() rejects a wrong checksum as that of a recipient, unless a person is shown it", () => {
  const wrong = typedData({ chainId: 1 }, `0x${"Ab".repeat(20)}`);
  expect(() => considerMessage(wrong, asking, settings())).toThrow(
    'validation failed: Invalid checksum on address at "message.wallet"',
  );
  const { review } = considerMessage(wrong, asking, settings("show"));
  expect(review.findings).toContainEqual(expect.objectContaining({ severity: "warning" }));
});

test("considerMessage() warns of a second header with a number that the ledger has", () => {
  const parts = settings();
  const first = considerMessage(cliqueHeader("0xaa"), asking, parts);
  expect(first.block).toBe(100n);
  parts.ledger.headers.follow({
    ...{ type: "intent", request: "1", caller: "c", method: "m", account: account.address },
    ...{ kind: "clique", block: "100", decider: "program", shown: "x" },
    preimage: hashOf(first.form.preimage),
  });
  const again = considerMessage(cliqueHeader("0xaa"), asking, parts);
  const second = considerMessage(cliqueHeader("0xbb"), asking, parts);
  expect(again.review.findings).toEqual([]);
  expect(second.review.findings).toMatchObject([{ severity: "warning" }]);
});

test("considerMessage() judges an authorization by its delegate and its chain", () => {
  const delegate = addressOf("d");
  const authorization = (changes: object = {}) =>
    parseAuthorization(
      parseJson(
        JSON.stringify({
          from: address,
          address: delegate,
          chainId: "0x1",
          nonce: "0x7",
          ...changes,
        }),
        limits.json,
      ),
    );
  const base = settings("show");
  const permitting = (lists: object) => ({
    ...base,
    judgeSettings: { ...base.judgeSettings, ...lists },
  });
  const refused = (changes: object, lists: object) => () =>
    considerMessage(authorization(changes), asking, permitting(lists));
  expect(refused({}, {})).toThrow("is not among this signer's delegates");
  expect(refused({ chainId: "0x5" }, { delegates: [delegate] })).toThrow("requested chainid 5");
  expect(refused({ chainId: "0x0" }, { delegates: [delegate] })).toThrow("on every chain");
  const { form, facts, kind, preimage } = considerMessage(
    authorization(),
    asking,
    permitting({ delegates: [delegate] }),
  );
  expect([kind, preimage]).toEqual(["authorization", toHex(form.preimage)]);
  expect(facts).toMatchObject({ chainId: 1n, nonce: 7n, to: delegate });
  expect(form.messages.map(({ name, value }) => `${name} ${value}`)).toEqual([
    `address ${checksummed(delegate)}`,
    "chainId 1 (0x1)",
    "nonce 7 (0x7)",
  ]);
});
