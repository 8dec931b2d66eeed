import { type Address, type Hex, parseEther, toHex } from "viem";
import { foundry } from "viem/chains";

/** Nobody has its key: what is paid to it stays there. */
export const payee: Address = "0x000000000000000000000000000000000000dEaD";

/** The signer, or the person before it, said no. */
export class Refused extends Error {}

/** What the demo's dapp needs of a chain. */
export interface DappChain {
  getTransactionCount(of: { address: Address }): Promise<number>;
  estimateFeesPerGas(): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }>;
  estimateGas(call: { account: Address; to: Address; value: bigint }): Promise<bigint>;
}

/** The dapp's side: it fills in a transaction and asks for a signature. It has no key. */
export async function requestPayment(
  signer: string,
  { account, chain }: { account: Address; chain: DappChain },
): Promise<Hex> {
  const value = parseEther("1.5");
  const nonce = await chain.getTransactionCount({ address: account });
  const fees = await chain.estimateFeesPerGas();
  const gas = await chain.estimateGas({ account, to: payee, value });
  const transaction = {
    from: account,
    to: payee,
    value: toHex(value),
    gas: toHex(gas),
    nonce: toHex(nonce),
    maxFeePerGas: toHex(fees.maxFeePerGas),
    maxPriorityFeePerGas: toHex(fees.maxPriorityFeePerGas),
    chainId: toHex(foundry.id),
  };
  const response = await fetch(signer, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "demo-dapp" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "account_signTransaction",
      params: [transaction],
    }),
  });
  const { result, error } = (await response.json()) as {
    result?: { raw: Hex };
    error?: { message: string };
  };
  if (result === undefined) throw new Refused(error?.message ?? "no answer");
  return result.raw;
}
