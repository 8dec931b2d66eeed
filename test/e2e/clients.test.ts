import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { AbstractSigner, JsonRpcProvider, type TransactionRequest } from "ethers";
import {
  type Address,
  createWalletClient,
  formatTransactionRequest,
  type Hex,
  http,
  toHex,
} from "viem";
import { toAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { sampleAccounts } from "../support/signer.ts";
import { signerOfChain } from "./chain.ts";

const [account] = sampleAccounts;
const payee: Address = "0x000000000000000000000000000000000000dEaD";
const accessList = [{ address: payee, storageKeys: [toHex(1, { size: 32 })] }];
const types = ["legacy", "eip2930", "eip1559"] as const;

const { chain, signer, url } = signerOfChain();

/** Asks Cleft for a signature, as a client that knows Clef's API. */
async function signed(transaction: unknown): Promise<Hex> {
  const { result, error } = await signer().call("account_signTransaction", [transaction]);
  if (error !== undefined) throw new Error(error.message);
  const { raw } = result as { raw: Hex };
  return raw;
}

/** What the chain says of a transaction. */
async function mined(hash: Hex): Promise<unknown> {
  const { status, from, to, type } = await chain().waitForTransactionReceipt({ hash });
  return { status, from, to, type };
}

const receiptOf = (type: string) => ({
  status: "success",
  from: account.toLowerCase(),
  to: payee.toLowerCase(),
  type,
});

test.each(types)("viem sends a %s transaction that Cleft signed", async (type) => {
  const cleft = toAccount({
    address: account,
    signTransaction: ({ type: _type, chainId, ...request }) => {
      const wire = { ...request, from: account } as Parameters<typeof formatTransactionRequest>[0];
      const { gasPrice, ...fields } = formatTransactionRequest(wire);
      // Filled in by the chain, viem's request has both prices; its own serialiser drops this one.
      const price = fields.maxFeePerGas === undefined ? { gasPrice } : {};
      return signed({ ...fields, ...price, chainId: toHex(chainId ?? 0) });
    },
    signMessage: () => Promise.reject(new Error("not asked for")),
    signTypedData: () => Promise.reject(new Error("not asked for")),
  });
  const wallet = createWalletClient({ account: cleft, chain: foundry, transport: http(url()) });
  const common = { to: payee, value: 1n };
  const hash = await (type === "eip1559"
    ? wallet.sendTransaction({ ...common, type })
    : type === "eip2930"
      ? wallet.sendTransaction({ ...common, type, accessList, gasPrice: 2_000_000_000n })
      : wallet.sendTransaction({ ...common, type, gasPrice: 2_000_000_000n }));
  expect(await mined(hash)).toEqual(receiptOf(type));
});

/** An ethers signer whose key is in Cleft. */
class CleftSigner extends AbstractSigner<JsonRpcProvider> {
  override getAddress(): Promise<string> {
    return Promise.resolve(account);
  }

  override connect(): CleftSigner {
    return this;
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { type: _type, ...fields } = this.provider.getRpcTransaction(request);
    return signed({ ...fields, from: account });
  }

  override signMessage(): Promise<string> {
    return Promise.reject(new Error("not asked for"));
  }

  override signTypedData(): Promise<string> {
    return Promise.reject(new Error("not asked for"));
  }
}

test.each(types)("ethers sends a %s transaction that Cleft signed", async (type) => {
  const provider = new JsonRpcProvider(url(), foundry.id, { cacheTimeout: -1 });
  try {
    const wallet = new CleftSigner(provider);
    const list = type === "eip2930" ? { accessList } : {};
    const request = { to: payee, value: 1n, type: types.indexOf(type), ...list };
    const { hash } = await wallet.sendTransaction(request);
    expect(await mined(hash as Hex)).toEqual(receiptOf(type));
  } finally {
    provider.destroy();
  }
});

test.each(types)("cast publishes a %s transaction that Cleft signed", async (type) => {
  const fees =
    type === "eip1559"
      ? { maxFeePerGas: toHex(3_000_000_000n), maxPriorityFeePerGas: toHex(1_000_000_000n) }
      : { gasPrice: toHex(3_000_000_000n) };
  const raw = await signed({
    from: account,
    to: payee,
    value: "0x1",
    gas: toHex(30_000),
    nonce: toHex(await chain().getTransactionCount({ address: account })),
    chainId: toHex(foundry.id),
    ...fees,
    ...(type === "eip2930" ? { accessList } : {}),
  });
  const cast = `${root}node_modules/@foundry-rs/cast/bin.mjs`;
  const args = [cast, "publish", "--json", "--rpc-url", url(), raw];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(await mined(JSON.parse(stdout).transactionHash)).toEqual(receiptOf(type));
});
