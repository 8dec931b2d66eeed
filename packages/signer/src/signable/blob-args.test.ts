import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { refusalOf } from "../domain/fakes.ts";
import { parseChainId } from "../domain/quantity.ts";
import { parseAmended } from "./amend.ts";
import { parseTransactionArgs, toTransactionWire } from "./transaction-args.ts";

const address = `0x${"ab".repeat(20)}`;
const hash = `0x01${"11".repeat(31)}`;
const blob = `0x${"00".repeat(131_072)}`;
const point = `0x${"c0".repeat(48)}`;
const points = (count: number) => Array.from({ length: count }, () => point);
const base = {
  ...{ from: address, to: address, gas: "0x5208", nonce: "0x0" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1", maxFeePerBlobGas: "0x3" },
};

const json = (fields: object) =>
  parseJson(JSON.stringify(fields), { depthMax: 4, valuesMax: 9999 });
const parse = (changes: object) => parseTransactionArgs(json({ ...base, ...changes }));

const refusal = (changes: object) => refusalOf(() => parse(changes));

test("parseBlobArgs() takes hashes alone", () => {
  expect(parse({ blobVersionedHashes: [hash] }).blob).toEqual({
    ...{ maxFeePerBlobGas: 3n, hashes: [hash], sidecar: undefined },
  });
});

test.each([
  ["computes what is missing", { blobs: [blob] }, 0],
  ["as cell proofs too", { blobs: [blob], blobVersion: 1 }, 1],
  ["sees version 0 by its proofs", { blobs: [blob], commitments: points(1), proofs: points(1) }, 0],
  ["sees version 1 by them", { blobs: [blob], commitments: points(1), proofs: points(128) }, 1],
])("parseBlobArgs() %s", (_name, changes, version) => {
  const { blob: parsed } = parse(changes);
  expect(parsed?.hashes).toBeUndefined();
  expect(parsed?.sidecar?.version).toBe(version);
  expect(parsed?.sidecar?.proven === undefined).toBe(!("proofs" in changes));
});

test("toTransactionWire() writes what parses to the same blobs again", () => {
  const given = { blobVersionedHashes: [hash], blobs: [blob], commitments: points(1) };
  for (const proofs of [points(1), points(128)]) {
    const args = parse({ ...given, proofs });
    expect(parseTransactionArgs(json(toTransactionWire(args))).blob).toEqual(args.blob);
  }
});

const sidecar = { blobs: [blob], commitments: points(1), proofs: points(1) };

test.each([
  ["maxFeePerBlobGas", { blobVersionedHashes: [hash], maxFeePerBlobGas: undefined }],
  ["maxFeePerBlobGas", { blobVersionedHashes: [hash], maxFeePerBlobGas: null }],
  ["gasPrice", { blobVersionedHashes: [hash], gasPrice: "0x1" }],
  ["blobVersionedHashes[0]", { blobVersionedHashes: [`0x02${"11".repeat(31)}`] }],
  ["blobVersionedHashes[1]", { blobVersionedHashes: [hash, "0x01"] }],
  ["blobVersionedHashes", { blobVersionedHashes: Array.from({ length: 7 }, () => hash) }],
  ["blobs", { blobs: Array.from({ length: 7 }, () => blob) }],
  ["blobs[0]", { blobs: ["0x00"] }],
  ["blobs[0]", { blobs: [`${blob}00`] }],
  ["blobs[0]", { blobs: [null] }],
  ["commitments[0]", { blobs: [blob], commitments: ["0x"], proofs: points(1) }],
  ["proofs[0]", { blobs: [blob], commitments: points(1), proofs: [1] }],
  ["commitments", { blobVersionedHashes: [hash], commitments: points(1) }],
  ["proofs", { blobVersionedHashes: [hash], proofs: points(1) }],
  ["blobVersion", { blobVersionedHashes: [hash], blobVersion: 1 }],
  ["blobVersion", { ...sidecar, blobVersion: 1 }],
  ["blobVersion", { ...sidecar, blobVersion: 2 }],
  ["blobVersion", { ...sidecar, blobVersion: "0x0" }],
  ["type", { ...sidecar, type: "0x2" }],
  ["blobVersionedHashes", { blobVersionedHashes: {}, blobs: [blob] }],
])("parseBlobArgs() names %s (case %#)", (name, changes) => {
  expect(refusal(changes)).toContain(`params.invalid invalid argument 0: field "${name}": `);
});

test.each([
  ["blob proofs provided while commitments were not", { commitments: undefined }],
  ["blob commitments provided while proofs were not", { proofs: undefined }],
  ["number of blobs and commitments mismatch (have=2, want=1)", { commitments: points(2) }],
  ["number of proofs and blobs mismatch (have=2, want=1 or 128)", { proofs: points(2) }],
  ["number of blobs and hashes mismatch (have=2, want=1)", { blobVersionedHashes: [hash, hash] }],
  ["number of blobs and hashes mismatch (have=0, want=1)", { blobVersionedHashes: [] }],
  ["transaction recipient must be set for blob transactions", { to: null }],
])("parseBlobArgs() says as Clef: %s", (text, changes) => {
  expect(refusal({ ...sidecar, ...changes })).toBe(`transaction.refused ${text}`);
});

const one = parseChainId(1n);
if (one === undefined) throw new Error("no chain");
const asked = parse({ ...sidecar, blobVersionedHashes: [hash], chainId: "0x1" });
const wire = toTransactionWire(asked);

test("parseAmended() lets a window change the blob fee cap and keeps the blobs", () => {
  const amended = parseAmended(asked, json({ ...wire, maxFeePerBlobGas: "0x9" }), one);
  expect(amended.blob).toEqual({ ...asked.blob, maxFeePerBlobGas: 9n });
});

test.each([
  ["other hashes", { blobVersionedHashes: [`0x01${"22".repeat(31)}`] }],
  ["other proofs", { proofs: [`0x${"00".repeat(48)}`] }],
  ["no blobs", { blobs: undefined, commitments: undefined, proofs: undefined }],
  [
    "nothing of a blob",
    {
      ...Object.fromEntries(
        Object.keys(wire)
          .filter((key) => /blob/i.test(key))
          .map((key) => [key, undefined]),
      ),
      commitments: undefined,
      proofs: undefined,
    },
  ],
])("parseAmended() refuses %s", (_name, changes) => {
  expect(() => parseAmended(asked, json({ ...wire, ...changes }), one)).toThrow(
    "the window changed",
  );
});
