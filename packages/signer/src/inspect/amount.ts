import type { ChainId } from "../domain/quantity.ts";

/** Chains that a reader knows by name, and their coin. All have 18 decimals. */
const chains = new Map<bigint, { readonly name: string; readonly coin: string }>([
  [1n, { name: "Ethereum", coin: "ETH" }],
  [10n, { name: "OP Mainnet", coin: "ETH" }],
  [100n, { name: "Gnosis", coin: "xDAI" }],
  [137n, { name: "Polygon", coin: "POL" }],
  [8453n, { name: "Base", coin: "ETH" }],
  [42161n, { name: "Arbitrum One", coin: "ETH" }],
  [17000n, { name: "Holesky testnet", coin: "test ETH" }],
  [560048n, { name: "Hoodi testnet", coin: "test ETH" }],
  [11155111n, { name: "Sepolia testnet", coin: "test ETH" }],
]);

/** The chain as a reader knows it, always with its number. */
export function nameOfChain(chainId: bigint): string {
  const chain = chains.get(chainId);
  return chain === undefined ? `chain ${chainId}` : `${chain.name} (chain ${chainId})`;
}

/** An amount in the chain's coin: `1.5 ETH`, every digit kept. */
export function formatCoin(wei: bigint, chainId: ChainId): string {
  return `${formatUnits(wei, 18)} ${chains.get(chainId)?.coin ?? "coins"}`;
}

/** A price: `1.5 gwei` (10^9 wei). */
export function formatGwei(wei: bigint): string {
  return `${formatUnits(wei, 9)} gwei`;
}

/** A whole number of smallest units as a decimal fraction, exactly, without trailing zeros. */
export function formatUnits(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(?:\d{3})+$)/g, "_");
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
