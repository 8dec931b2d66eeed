import { type Hex, toHex } from "viem";
import { foundry } from "viem/chains";
import { expect, test } from "vitest";
import { fullBlob, zeroBlob } from "../support/blobs.ts";
import { payment, sampleAccounts } from "../support/signer.ts";
import { signerOfChain } from "./chain.ts";

const { chain, signer } = signerOfChain();

test("the chain takes a transaction with blobs whose proofs Cleft computed", async () => {
  const nonce = await chain().getTransactionCount({ address: sampleAccounts[0] });
  const asked = payment({
    ...{ nonce: toHex(nonce), chainId: toHex(foundry.id), maxFeePerBlobGas: toHex(10n ** 10n) },
    blobs: [zeroBlob, fullBlob],
  });
  const { result } = await signer().call("account_signTransaction", [asked]);
  const { raw, tx } = result as { raw: Hex; tx: { hash: Hex; blobVersionedHashes: Hex[] } };
  expect(await chain().sendRawTransaction({ serializedTransaction: raw })).toBe(tx.hash);
  const receipt = await chain().waitForTransactionReceipt({ hash: tx.hash });
  expect(receipt).toMatchObject({ status: "success", type: "eip4844", blobGasUsed: 262_144n });
  const mined = await chain().getTransaction({ hash: tx.hash });
  expect(mined.blobVersionedHashes).toEqual(tx.blobVersionedHashes);
});
