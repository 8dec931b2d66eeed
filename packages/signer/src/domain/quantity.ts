declare const brand: unique symbol;

/** An amount of the chain's coin in its smallest unit (10^-18), below 2^256. */
export type Wei = bigint & { readonly [brand]: "Wei" };

/** A chain id (EIP-155): positive, below 2^63. */
export type ChainId = bigint & { readonly [brand]: "ChainId" };

/** A number below 2^64: a nonce or an amount of gas. */
export type Uint64 = bigint & { readonly [brand]: "Uint64" };

const quantity = /^0[xX](?:0|[1-9a-fA-F][0-9a-fA-F]*)$/;

/** Parses a quantity (`0x` hex without leading zeros) of at most `bits` bits. */
function parseQuantity(untrusted: string, bits: number): bigint | undefined {
  if (!quantity.test(untrusted) || untrusted.length > 2 + bits / 4) return undefined;
  return BigInt(untrusted);
}

/** Parses an amount in wei from a quantity; undefined for anything else. */
export function parseWei(untrusted: string): Wei | undefined {
  return parseQuantity(untrusted, 256) as Wei | undefined;
}

/** Parses a nonce or gas from a quantity; undefined for anything else. */
export function parseUint64(untrusted: string): Uint64 | undefined {
  return parseQuantity(untrusted, 64) as Uint64 | undefined;
}

/** Parses any number of 256 bits from a quantity, e.g. a chain id that is still to be compared. */
export function parseUint256(untrusted: string): bigint | undefined {
  return parseQuantity(untrusted, 256);
}

/** Makes a chain id of a number; undefined when it is not between 1 and 2^63 - 1. */
export function parseChainId(untrusted: bigint): ChainId | undefined {
  return untrusted > 0n && untrusted < 2n ** 63n ? (untrusted as ChainId) : undefined;
}

/** Multiplies gas with a price. It may exceed 2^256: then nobody can pay it, but it can be shown. */
export function costWei(gas: Uint64, priceWei: Wei): bigint {
  return gas * priceWei;
}

export const zeroWei = 0n as Wei;
