import { infinity, zeroBlob, zeroHash } from "../support/blobs.ts";
import { payment, sampleAccounts } from "../support/signer.ts";
import { call } from "./abi.ts";
import type { Draw } from "./tree.ts";
import { address, chance, count, hash, hexUpTo, list, pick, quantity } from "./values.ts";

type Fields = Record<string, unknown>;

/** The parameters of a transaction of any type, mostly one that would be asked about. */
export function transaction(g: Draw): readonly [Fields, string | null] {
  const { fields, claimed } = calldata(g);
  return [typed(g, fields), claimed];
}

function typed(g: Draw, data: Fields): Fields {
  const base = { ...payment(), ...(chance(g, 70) ? {} : { from: address(g), to: address(g) }) };
  const nonce = chance(g, 80) ? `0x${count(g, 1000).toString(16)}` : quantity(g);
  const common = { ...base, nonce, value: quantity(g), ...data };
  switch (count(g, 4)) {
    case 0:
      return legacy(common, quantity(g));
    case 1:
      return { ...legacy(common, quantity(g)), accessList: accessList(g) };
    case 2:
      return chance(g, 50) ? common : { ...common, accessList: accessList(g) };
    case 3:
      return { ...common, maxFeePerBlobGas: quantity(g), ...blobs(g) };
    default:
      return { ...common, authorizationList: list(g, 6, authorization) };
  }
}

export function authorization(g: Draw): Fields {
  const signature = { yParity: pick(g, "0x0", "0x1", "0x2"), r: scalar(g), s: scalar(g) };
  return { ...authorizationRequest(g), from: undefined, ...signature };
}

export function authorizationRequest(g: Draw): Fields {
  const delegate = pick(g, `0x${"00".repeat(20)}`, address(g));
  const chainId = pick(g, "0x1", "0x1", "0x0", quantity(g));
  return { from: sampleAccounts[0], chainId, address: delegate, nonce: quantity(g) };
}

function scalar(g: Draw): string {
  return pick(g, hash(g), quantity(g));
}

function legacy(fields: Fields, gasPrice: string): Fields {
  return { ...fields, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined, gasPrice };
}

function accessList(g: Draw): readonly Fields[] {
  // A long one now and then: it is hashed, shown and written down.
  const entry = { address: address(g), storageKeys: list(g, 4, hash) };
  return chance(g, 8)
    ? Array.from({ length: count(g, 9000 / (1 + entry.storageKeys.length)) }, () => entry)
    : list(g, 4, () => ({ address: address(g), storageKeys: list(g, 4, hash) }));
}

function blobs(g: Draw): Fields {
  const number = 1 + count(g, 2);
  const all = (item: string) => Array.from({ length: number }, () => item);
  // What is whole is worked on for tenths of seconds.
  if (!chance(g, 4)) {
    return { blobVersionedHashes: list(g, 7, (inner) => `0x01${hash(inner).slice(4)}`) };
  }
  return pick<Fields>(
    g,
    { blobs: [zeroBlob] },
    { blobs: all(zeroBlob), commitments: all(infinity), proofs: all(infinity) },
    { blobs: all(zeroBlob), blobVersionedHashes: [zeroHash], blobVersion: count(g, 2) },
    { blobs: [hexUpTo(g, 1000)], commitments: [infinity], proofs: [] },
  );
}

function calldata(g: Draw): { readonly fields: Fields; readonly claimed: string | null } {
  const { data, claimed } = call(g);
  switch (count(g, 6)) {
    case 0:
    case 1:
      return { fields: {}, claimed: null };
    case 2:
      return { fields: { data: hexUpTo(g, 300) }, claimed: selector(g) };
    case 3: {
      // Longer than may be, now and then.
      const bytes = count(g, chance(g, 10) ? 2_500_000 : 20_000);
      return { fields: { data: `${data.slice(0, 10)}${"00".repeat(bytes)}` }, claimed };
    }
    case 4:
      return { fields: { input: data }, claimed };
    default:
      return { fields: { data }, claimed };
  }
}

/** Signatures of methods as callers send them, some to be taken apart for long. */
export function selector(g: Draw): string | null {
  const deep = count(g, 40);
  return pick(
    g,
    ...[null, "transfer(address,uint256)", "f(bytes,string,uint256[])", "f((uint256,bytes)[][2])"],
    ...[`f(${"(".repeat(deep)}uint8${")".repeat(deep)})`, `f(uint8${"[2]".repeat(deep)})`],
    ...[`f(${"uint256,".repeat(count(g, 400))}bool)`, "f", "f(", "", "f(uint256[4294967296])"],
  );
}
