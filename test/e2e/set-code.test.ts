import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { expect, test } from "vitest";
import { payment, sampleAccounts } from "../support/signer.ts";
import { signerOfChain } from "./chain.ts";

const delegate = "0x63c0c19a282a1b52b07dd5a65b58948a07dae32b";
const stranger = "0x00000000000000000000000000000000000000ff";
const authority = privateKeyToAccount(`0x${"42".repeat(32)}`);

const { chain, signer } = signerOfChain(({ configDir }) => {
  mkdirSync(configDir, { mode: 0o700 });
  writeFileSync(join(configDir, "cleft.toml"), `delegates = ["${delegate}"]`, { mode: 0o600 });
});

/** A request for a set-code transaction whose authorization another account signed. */
async function request(contractAddress: Hex, chainId: number = foundry.id) {
  const one = await authority.signAuthorization({ contractAddress, chainId, nonce: 0 });
  const nonce = await chain().getTransactionCount({ address: sampleAccounts[0] });
  return payment({
    ...{ gas: toHex(100_000), nonce: toHex(nonce), chainId: toHex(foundry.id), value: "0x0" },
    authorizationList: [
      {
        ...{ chainId: toHex(chainId), address: contractAddress, nonce: "0x0" },
        ...{ yParity: toHex(one.yParity ?? 0), r: one.r, s: one.s },
      },
    ],
  });
}

test("the chain gives an account the code that its authorization names", async () => {
  const asked = await request(delegate);
  const { result } = await signer().call("account_signTransaction", [asked]);
  const { raw, tx } = result as { raw: Hex; tx: { hash: Hex; type: Hex } };
  expect(tx).toMatchObject({ type: "0x4", authorizationList: asked["authorizationList"] });
  expect(await chain().sendRawTransaction({ serializedTransaction: raw })).toBe(tx.hash);
  const receipt = await chain().waitForTransactionReceipt({ hash: tx.hash });
  expect(receipt).toMatchObject({ status: "success", type: "eip7702" });
  const code = await chain().getCode({ address: authority.address });
  expect(code).toBe(`0xef0100${delegate.slice(2)}`);
});

test("an authorization that Cleft signed counts, whoever sends it", async () => {
  const [sender, from] = sampleAccounts;
  const nonce = await chain().getTransactionCount({ address: from });
  const asked = {
    ...{ from, chainId: toHex(foundry.id), address: delegate, nonce: toHex(nonce) },
  };
  const { result } = await signer().call("account_signAuthorization", [asked]);
  const { from: _from, ...fields } = asked;
  expect(result).toMatchObject(fields);
  const question = signer().window.messages.find(({ method }) => method === "ui_approveSignData");
  expect(question?.params[0]).toMatchObject({
    content_type: "application/x-eip7702-authorization",
    call_info: [{ type: "CRITICAL" }],
  });
  const wire = payment({
    ...{ gas: toHex(100_000), chainId: toHex(foundry.id), value: "0x0" },
    nonce: toHex(await chain().getTransactionCount({ address: sender })),
    authorizationList: [result],
  });
  const { result: signed } = await signer().call("account_signTransaction", [wire]);
  const { raw } = signed as { raw: Hex };
  await chain().waitForTransactionReceipt({
    hash: await chain().sendRawTransaction({ serializedTransaction: raw }),
  });
  expect(await chain().getCode({ address: from })).toBe(`0xef0100${delegate.slice(2)}`);
});

test.each([
  ["an unlisted delegate", { address: stranger }, "is not among this signer's delegates"],
  ["chain 0", { chainId: "0x0" }, "would count on every chain"],
  ["another chain", { chainId: "0x1" }, "requested chainid 1 does not match"],
] as const)("nobody is asked to sign an authorization for %s", async (_name, changes, why) => {
  const before = signer().window.messages.length;
  const asked = { from: sampleAccounts[1], chainId: toHex(foundry.id), address: delegate };
  const { error } = await signer().call("account_signAuthorization", [
    { ...asked, nonce: "0x9", ...changes },
  ]);
  expect(error).toMatchObject({ code: -32000, message: expect.stringContaining(why) });
  expect(signer().window.messages).toHaveLength(before);
});

test.each([
  ["an unlisted delegate", stranger, foundry.id, "is not among this signer's delegates"],
  ["chain 0", delegate, 0, "would count on every chain"],
] as const)("nobody is asked about an authorization with %s", async (_name, to, chainId, why) => {
  const before = signer().window.messages.length;
  const { error } = await signer().call("account_signTransaction", [await request(to, chainId)]);
  expect(error).toMatchObject({ code: -32000, message: expect.stringContaining(why) });
  expect(signer().window.messages).toHaveLength(before);
});
