import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import { parseChainId } from "../domain/quantity.ts";
import { feeMarket } from "./fee-market.ts";
import { parseSigning, preimageOf, resultOf } from "./kinds.ts";
import { parseTransactionArgs } from "./transaction-args.ts";

const address = `0x${"ab".repeat(20)}`;

function parse(fields: object) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({ from: address, to: address, gas: "0x1", nonce: "0x0", ...fields });
  return parseSigning(parseTransactionArgs(parseJson(json, { depthMax: 10 })), chainId);
}

test.each([
  [0, {}],
  [0, { gasPrice: "0x1" }],
  [0, { gasPrice: "0x1", maxPriorityFeePerGas: "0x1" }],
  [1, { gasPrice: "0x1", accessList: [] }],
  [3, { maxFeePerGas: "0x1", blobVersionedHashes: [`0x01${"0".repeat(62)}`] }],
])("parseSigning() refuses type %i rather than signing another: %j", (type, fields) => {
  expect(() => parse(fields)).toThrow(
    expect.objectContaining({
      constructor: Failure,
      code: "transaction.later",
      message: expect.stringContaining(`type ${type} are not implemented yet`),
    }),
  );
});

test("parseSigning() takes a type 2 transaction as a fee-market transaction", () => {
  expect(parse({ maxFeePerGas: "0x1" })).toMatchObject({ tag: "fee-market", maxFeePerGas: 1n });
});

test("preimageOf() and resultOf() use the kind that the tag names", () => {
  const signing = parse({ maxFeePerGas: "0x1" });
  const signature = { r: "0x1", s: "0x2", yParity: 0 } as const;
  expect(preimageOf(signing)).toEqual(feeMarket.preimage(signing));
  expect(preimageOf(signing)[0]).toBe(feeMarket.type);
  expect(resultOf(signing, signature)).toEqual(feeMarket.result(signing, signature));
});
