import { toQuantity } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import fc from "fast-check";
import { parseTransaction } from "viem";
import { expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import { callerWith } from "../domain/fakes.ts";
import { type ChainId, parseChainId } from "../domain/quantity.ts";
import { parseTransactionArgs } from "../signable/transaction-args.ts";
import { considerTransaction } from "./consider.ts";

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
      const judgeSettings = { chainId: standard, ...lists, findings: "show" } as const;
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
