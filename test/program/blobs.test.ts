import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fullBlob, infinity, points, zeroBlob, zeroHash } from "../support/blobs.ts";
import { makeHome, payment, type Signer, sampleAccounts, startSigner } from "../support/signer.ts";

let signer: Signer;

beforeAll(async () => {
  signer = await startSigner({ home: makeHome({ sample: true }) });
});

afterAll(async () => {
  await signer?.stop();
  signer?.home.remove();
});

const sign = (fields: Record<string, unknown>) =>
  signer.call("account_signTransaction", [payment({ maxFeePerBlobGas: "0x1", ...fields })]);

/** How many questions the window has had. */
const asked = () => signer.window.messages.filter(({ method }) => method === "ui_approveTx").length;

test("others are answered while a blob's proofs are computed", async () => {
  const order: string[] = [];
  const signing = sign({ blobs: [fullBlob], blobVersion: 1 }).then(({ result }) => {
    order.push("signed");
    return result;
  });
  for (let count = 0; count < 5; count++) {
    expect((await signer.call("account_version")).result).toBe("6.1.0");
    order.push("version");
  }
  const tx = { type: "0x3", proofs: { length: 128 } };
  expect(await signing).toMatchObject({ raw: expect.stringMatching(/^0x03f9|^0x03fa/), tx });
  expect(order).toEqual([...Array(5).fill("version"), "signed"]);
});

test.each([0, 1])("six blobs with proofs of version %i are checked and signed", async (version) => {
  const count = version === 0 ? 6 : 6 * 128;
  const { result } = await sign({
    blobs: Array(6).fill(zeroBlob),
    commitments: points(6),
    proofs: points(count),
  });
  const hashes = Array(6).fill(zeroHash);
  expect(result).toMatchObject({ tx: { blobVersionedHashes: hashes, proofs: points(count) } });
});

test.each([
  ["another chain", { chainId: "0x5" }, -32000, /requested chainid 5/],
  ["no fee", { maxFeePerGas: null }, -32000, /Neither 'gasPrice' nor 'maxFeePerGas'/],
  ["more blobs than are computed", { blobs: Array(3).fill(zeroBlob) }, -32000, /at most 2 blobs/],
  ["no blob fee cap", { maxFeePerBlobGas: undefined }, -32602, /"maxFeePerBlobGas"/],
  [
    "a wrong proof",
    { commitments: points(1), proofs: [`0x${"00".repeat(48)}`] },
    -32000,
    /failed to verify blob proof/,
  ],
  ["a number beyond the field", { blobs: [`0x${"ff".repeat(131_072)}`] }, -32000, /not canonical/],
  [
    "another blob's hash",
    { blobVersionedHashes: [`0x01${"11".repeat(31)}`] },
    -32000,
    /blob hash verification failed \(have=0x0111/,
  ],
])("nobody is asked about blobs with %s", async (_name, changes, code, message) => {
  const before = asked();
  const { error } = await sign({ blobs: [zeroBlob], ...changes });
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(asked()).toBe(before);
});

test("the window is shown the blobs with what was computed of them", async () => {
  const question = signer.window.next("ui_approveTx");
  await sign({ blobs: [zeroBlob] });
  const [{ transaction }] = (await question).params;
  expect(transaction).toMatchObject({
    ...{ from: sampleAccounts[0], maxFeePerBlobGas: "0x1", blobVersionedHashes: [zeroHash] },
    ...{ blobs: [zeroBlob], commitments: [infinity], proofs: [infinity] },
  });
});

test("the audit log names the blobs by their hashes and doesn't hold them", async () => {
  await sign({ blobVersionedHashes: [zeroHash] });
  await signer.stop();
  const log = readFileSync(`${signer.home.configDir}/audit.log`, "utf8");
  expect(log).toContain(zeroHash);
  expect(log).not.toContain("00".repeat(9000));
});
