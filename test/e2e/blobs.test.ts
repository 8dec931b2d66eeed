import { createPublicClient, type Hex, http, toHex } from "viem";
import { foundry } from "viem/chains";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Anvil, startAnvil } from "../support/anvil.ts";
import { fullBlob, zeroBlob } from "../support/blobs.ts";
import { root } from "../support/shared.ts";
import { makeHome, payment, type Signer, sampleAccounts, startSigner } from "../support/signer.ts";

let anvil: Anvil;
let signer: Signer;

beforeAll(async () => {
  const home = makeHome({ sample: true });
  const args = ["--chainid", String(foundry.id)];
  [anvil, signer] = await Promise.all([startAnvil(root), startSigner({ home, args })]);
});

afterAll(async () => {
  await Promise.all([anvil?.stop(), signer?.stop()]);
  signer?.home.remove();
});

const chain = () => createPublicClient({ chain: foundry, transport: http(anvil.url) });

test("the chain takes a transaction with blobs whose proofs Cleft computed", async () => {
  const nonce = await chain().getTransactionCount({ address: sampleAccounts[0] });
  const asked = payment({
    ...{ nonce: toHex(nonce), chainId: toHex(foundry.id), maxFeePerBlobGas: toHex(10n ** 10n) },
    blobs: [zeroBlob, fullBlob],
  });
  const { result } = await signer.call("account_signTransaction", [asked]);
  const { raw, tx } = result as { raw: Hex; tx: { hash: Hex; blobVersionedHashes: Hex[] } };
  expect(await chain().sendRawTransaction({ serializedTransaction: raw })).toBe(tx.hash);
  const receipt = await chain().waitForTransactionReceipt({ hash: tx.hash });
  expect(receipt).toMatchObject({ status: "success", type: "eip4844", blobGasUsed: 262_144n });
  const mined = await chain().getTransaction({ hash: tx.hash });
  expect(mined.blobVersionedHashes).toEqual(tx.blobVersionedHashes);
});
