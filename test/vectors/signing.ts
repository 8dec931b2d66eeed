import { fromHex, type Hex, toHex, toQuantity } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { parseChainId } from "../../packages/signer/src/domain/quantity.ts";
import type { Signature } from "../../packages/signer/src/domain/signature.ts";
import {
  parseSigning,
  preimageOf,
  resultOf,
  type Signing,
} from "../../packages/signer/src/signable/kinds.ts";
import { parseTransactionArgs } from "../../packages/signer/src/signable/transaction-args.ts";
import { loadCurve } from "../../packages/signer/src/vault/curve.ts";
import type { VectorClass } from "./classes.ts";
import { keccak_256 } from "./keccak.ts";
import { attempt, same, type Verdict } from "./tally.ts";

export const curve = await loadCurve();

/** A transaction as a vector has it: quantities in any form, absent is zero. */
export interface VectorTransaction {
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly chainId: unknown;
  readonly nonce?: unknown;
  readonly gas?: unknown;
  readonly to?: string | null | undefined;
  readonly value?: unknown;
  readonly data?: string | undefined;
  readonly gasPrice?: unknown;
  readonly maxFeePerGas?: unknown;
  readonly maxPriorityFeePerGas?: unknown;
  readonly accessList?: unknown;
  readonly maxFeePerBlobGas?: unknown;
  readonly blobVersionedHashes?: readonly unknown[];
  readonly authorizationList?: readonly VectorAuthorization[];
}

/** An authorization as viem records it: its numbers are numbers. */
export interface VectorAuthorization {
  readonly chainId: unknown;
  readonly address: unknown;
  readonly nonce: unknown;
  readonly yParity: unknown;
  readonly r: unknown;
  readonly s: unknown;
}

/** 65 bytes: r, s, and v as 27 or 28. */
export function flat({ r, s, yParity }: Signature): string {
  return `${r}${s.slice(2)}${(27 + yParity).toString(16)}`;
}

/** A signature from 65 bytes; v counts from 27 or from 0. */
export function parts(signature: string): Signature {
  const digits = signature.replace(/^0x/, "");
  const yParity = Number.parseInt(digits.slice(128), 16) % 27 === 0 ? 0 : 1;
  return { r: `0x${digits.slice(0, 64)}`, s: `0x${digits.slice(64, 128)}`, yParity };
}

/** The bytes of hex with or without `0x`. */
export function hexBytes(text: string): Uint8Array {
  return fromHex(`0x${text.replace(/^0x/, "")}`);
}

/** A quantity in its one form: what clients do before they ask a signer. */
export function quantity(value: unknown): Hex {
  if (value === undefined || value === null || value === "" || value === "0x") return "0x0";
  return toQuantity(BigInt(typeof value === "object" ? bigintOf(value) : String(value)));
}

function bigintOf(value: object): string {
  return "$bigint" in value ? String(value.$bigint) : "";
}

/** The fields as a client writes them into `account_signTransaction`. */
function wireOf(tx: VectorTransaction, from: string): Record<string, unknown> {
  const common = {
    from,
    ...(tx.to === undefined || tx.to === null ? {} : { to: tx.to }),
    gas: quantity(tx.gas),
    nonce: quantity(tx.nonce),
    value: quantity(tx.value),
    data: tx.data ?? "0x",
    chainId: quantity(tx.chainId),
  };
  const { accessList = [] } = tx;
  switch (tx.type) {
    case 0:
      return { ...common, gasPrice: quantity(tx.gasPrice) };
    case 1:
      return { ...common, accessList, gasPrice: quantity(tx.gasPrice) };
    case 2:
      return { ...common, accessList, ...feesOf(tx) };
    case 3: {
      const { blobVersionedHashes = [] } = tx;
      const maxFeePerBlobGas = quantity(tx.maxFeePerBlobGas);
      return { ...common, accessList, ...feesOf(tx), maxFeePerBlobGas, blobVersionedHashes };
    }
    case 4: {
      const authorizationList = tx.authorizationList?.map(authorizationOf);
      return { ...common, accessList, ...feesOf(tx), authorizationList };
    }
  }
}

function feesOf({ maxFeePerGas, maxPriorityFeePerGas }: VectorTransaction) {
  return {
    maxFeePerGas: quantity(maxFeePerGas),
    maxPriorityFeePerGas: quantity(maxPriorityFeePerGas),
  };
}

function authorizationOf(one: VectorAuthorization): Record<string, unknown> {
  const { chainId, address, nonce, yParity, r, s } = one;
  const numbers = { chainId, nonce, yParity, r, s };
  const written = Object.entries(numbers).map(([name, value]) => [name, quantity(value)]);
  return { address, ...Object.fromEntries(written) };
}

/**
 * Parses a transaction as a caller's.
 * @throws Failure of the parser, `chain.wrong` for a number that is no chain's
 */
export function parseVector(tx: VectorTransaction, from: string): Signing {
  const args = parseTransactionArgs(parseJson(JSON.stringify(wireOf(tx, from)), limits.json));
  const chainId = parseChainId(args.chainId ?? 0n);
  if (chainId === undefined) throw new Failure("chain.wrong", "no such chain");
  if (args.type !== tx.type) throw new Error(`expected type ${tx.type}, got ${args.type}`);
  return parseSigning(args, chainId);
}

/** Signs as the vault does: the second library has to find the account. */
export function signPreimage(key: Uint8Array, preimage: Uint8Array): Signature {
  const digest = keccak_256(preimage);
  const signature = curve.sign(key, digest);
  if (curve.recover(digest, signature) !== curve.accountOf(key)) throw new Error("wrong signer");
  return signature;
}

/** Asks for a transaction with a key and compares the signed bytes. */
export function judgeSigned(key: string, tx: VectorTransaction, expected: string): Verdict {
  const secret = hexBytes(key);
  const refusal = refusalOf(tx);
  if (refusal !== undefined) {
    const outcome = attempt(() => parseVector(tx, curve.accountOf(secret) ?? ""));
    return outcome instanceof Failure ? { refused: refusal } : { wrong: `${refusal} was accepted` };
  }
  const signing = parseVector(tx, curve.accountOf(secret) ?? "");
  return same(resultOf(signing, signPreimage(secret, preimageOf(signing))).raw, expected);
}

/** What has to be refused, whatever the vector signs. */
function refusalOf(tx: VectorTransaction): VectorClass | undefined {
  const { type, chainId, gas, blobVersionedHashes = [] } = tx;
  if (BigInt(quantity(chainId)) === 0n) return "chain 0";
  if (type === 3 && blobVersionedHashes.length === 0) return "no blobs";
  return BigInt(quantity(gas)) >> 64n === 0n ? undefined : "gas beyond 64 bits";
}

/** A transaction that somebody else signed. */
export interface SignedElsewhere {
  readonly tx: VectorTransaction;
  readonly signature: Signature;
  readonly sender: string;
  readonly raw?: string | undefined;
  readonly hash?: string | undefined;
  readonly digest?: string | undefined;
}

/** Compares the preimage by its signer, and the envelope with that signature. */
export function judgeSigner(elsewhere: SignedElsewhere): Verdict {
  const { tx, signature, sender, raw, hash, digest } = elsewhere;
  const signing = parseVector(tx, sender);
  const own = keccak_256(preimageOf(signing));
  if (digest !== undefined && digest !== toHex(own)) return same(toHex(own), digest);
  const signer = curve.recover(own, signature);
  if (signer !== sender.toLowerCase()) return { wrong: `expected sender ${sender}, got ${signer}` };
  const result = resultOf(signing, signature);
  if (raw !== undefined && raw !== result.raw) return same(result.raw, raw);
  return hash === undefined ? "pass" : same(result.tx.hash, hash);
}

/** A number as 32 bytes. */
export function word(value: unknown): Hex {
  return `0x${BigInt(quantity(value)).toString(16).padStart(64, "0")}`;
}
