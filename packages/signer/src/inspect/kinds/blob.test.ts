import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { parseChainId } from "../../domain/quantity.ts";
import { parseSigning } from "../../signable/kinds.ts";
import { parseTransactionArgs } from "../../signable/transaction-args.ts";
import { factsOf } from "../facts.ts";
import { inspect } from "../inspect.ts";
import { standardMethodsOf } from "../selectors.ts";

const hashes = ["11", "22"].map((byte) => `0x01${byte.repeat(31)}`);

/** A blob transaction of two blobs at a price of one gwei each. */
function parse(changes: object = {}) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const wire = {
    ...{ from: addressOf("a"), to: addressOf("b"), gas: "0x5208", nonce: "0x0" },
    ...{ maxFeePerGas: "0x3b9aca00", maxPriorityFeePerGas: "0x1", value: "0x1" },
    ...{ maxFeePerBlobGas: "0x3b9aca00", blobVersionedHashes: hashes, ...changes },
  };
  const args = parseTransactionArgs(
    parseJson(JSON.stringify(wire), { depthMax: 4, valuesMax: 999 }),
  );
  return { args, signing: parseSigning(args, chainId) };
}

function review(changes: object = {}) {
  const { args, signing } = parse(changes);
  return inspect(args, signing, { authorityOf: () => undefined, methodsOf: standardMethodsOf });
}

test("describeBlob() says how many blobs, what they cost, and that they aren't there", () => {
  const { headline, fields } = review();
  expect(headline).toBe("Publish 2 blobs, and send 0.000000000000000001 ETH on Ethereum (chain 1)");
  const values = new Map(fields.map(({ label, value }) => [label, value]));
  expect(values.get("fee at most")).toBe("0.000283144 ETH");
  expect(values.get("for blobs")).toBe("at most 0.000262144 ETH of the fee");
  expect(values.get("blobs")).toBe("2 blobs, the caller keeps them: you see their hashes alone");
});

test("describeBlob() shows every hash that is signed", () => {
  const shown = review().details.map(({ value }) => value);
  expect(shown).toEqual(expect.arrayContaining(hashes));
});

test("factsOf() counts what the blobs cost as a fee", () => {
  expect(factsOf(parse().signing).feeMaxWei).toBe(10n ** 9n * (21_000n + 2n * 131_072n));
});
