import { toQuantity } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { parseChainId } from "../domain/quantity.ts";
import { accessList } from "./access-list.ts";
import { blob } from "./blob.ts";
import { feeMarket } from "./fee-market.ts";
import { parseSigning, preimageOf, resultOf } from "./kinds.ts";
import { legacy } from "./legacy.ts";
import { setCode } from "./set-code.ts";
import { parseTransactionArgs } from "./transaction-args.ts";

const address = `0x${"ab".repeat(20)}`;

const blobFields = { maxFeePerBlobGas: "0x2", blobVersionedHashes: [`0x01${"0".repeat(62)}`] };
const authorizationList = [
  { chainId: "0x1", address, nonce: "0x0", yParity: "0x0", r: "0x1", s: "0x1" },
];

function parse(fields: object) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({ from: address, to: address, gas: "0x1", nonce: "0x0", ...fields });
  return parseSigning(
    parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 })),
    chainId,
  );
}

test.each([
  ["legacy", { gasPrice: "0x1" }, { gasPrice: 1n }],
  ["legacy", { gasPrice: "0x1", maxPriorityFeePerGas: "0x1" }, { gasPrice: 1n }],
  ["access-list", { gasPrice: "0x1", accessList: [] }, { gasPrice: 1n, accessList: [] }],
  ["fee-market", { maxFeePerGas: "0x1" }, { maxFeePerGas: 1n }],
  ["fee-market", { maxFeePerGas: "0x1", accessList: [] }, { maxFeePerGas: 1n }],
  ["blob", { ...blobFields, maxFeePerGas: "0x1" }, { maxFeePerBlobGas: 2n, sidecar: undefined }],
  ["set-code", { maxFeePerGas: "0x1", authorizationList }, { maxFeePerGas: 1n }],
] as const)("parseSigning() takes a %s by its fields: %j", (tag, fields, parsed) => {
  expect(parse(fields)).toMatchObject({ tag, ...parsed });
});

test.each([
  [legacy, { gasPrice: "0x1" }],
  [accessList, { gasPrice: "0x1", accessList: [] }],
  [feeMarket, { maxFeePerGas: "0x1" }],
  [blob, { ...blobFields, maxFeePerGas: "0x1" }],
  [setCode, { maxFeePerGas: "0x1", authorizationList }],
] as const)("preimageOf() and resultOf() use the kind that the tag names (%#)", (kind, fields) => {
  const signing = parse(fields);
  const signature = { r: "0x1", s: "0x2", yParity: 0 } as const;
  expect(resultOf(signing, signature).tx.type).toBe(toQuantity(kind.type));
  if (kind.type > 0) expect(preimageOf(signing)[0]).toBe(kind.type);
});
