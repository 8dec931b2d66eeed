import type { SafeTxResult, SafeTxWire } from "@cleft/protocol/account.ts";
import { type Hex, toQuantity } from "@cleft/protocol/hex.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import { checksummed } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { hashOf } from "../domain/hash.ts";
import { prefixed, type SpelledAddress } from "./fields.ts";
import type { MessageForm } from "./message-form.ts";
import type { SafeTxArgs } from "./safe-args.ts";
import {
  parseTypedData,
  type TypedData,
  typedDataForm,
  typedDataPreimage,
} from "./typed-data/typed-data.ts";

/** The approval of a Safe's transaction: typed data of one certain type. */
export interface SafeTx {
  readonly tag: "safe-tx";
  readonly account: SpelledAddress;
  readonly args: SafeTxArgs;
  readonly typed: TypedData;
  /** What is signed. It must be `args.safeTxHash`: {@link refuseMismatch}. */
  readonly hash: Hex;
}

/** What a Safe since version 1.0 signs; older ones called `baseGas` otherwise. */
const members = [
  ["to", "address"],
  ["value", "uint256"],
  ["data", "bytes"],
  ["operation", "uint8"],
  ["safeTxGas", "uint256"],
  ["baseGas", "uint256"],
  ["gasPrice", "uint256"],
  ["gasToken", "address"],
  ["refundReceiver", "address"],
  ["nonce", "uint256"],
] as const;

/**
 * Makes the typed data of a Safe's transaction. Without a chain the hash tells which domain is meant:
 * that of old Safes, which has none, or that of one of `chains`. If none of them has the hash, the one
 * of the last chain is made.
 */
export function toSafeTx(args: SafeTxArgs, chains: readonly bigint[]): SafeTx {
  const candidates = args.chainId === undefined ? [undefined, ...chains] : [args.chainId];
  const made = candidates.map((chainId) => {
    const typed = typedDataOf(args, chainId);
    const hash = hashOf(typedDataPreimage(typed));
    return { tag: "safe-tx" as const, account: args.account, args, typed, hash };
  });
  const found = made.find(({ hash }) => hash === args.safeTxHash) ?? made.at(-1);
  if (found === undefined) throw new Failure("data.refused", "no chain is served");
  return found;
}

/**
 * Refuses one whose fields have another hash than the caller named. Clef does so as well, but only
 * if no chain is named.
 * @throws Failure `data.refused`
 */
export function refuseMismatch({ hash, args }: SafeTx): void {
  if (hash === args.safeTxHash) return;
  const wanted = `have ${hash} want ${args.safeTxHash}`;
  throw new Failure("data.refused", `mismatched safeTxHash; ${wanted}`);
}

/** The same as windows are shown it: typed data. */
export function safeTxForm({ typed }: SafeTx): MessageForm {
  return typedDataForm(typed);
}

/** What the caller gets: the transaction with its signature, keys in Clef's order. */
export function safeTxResult({ account, args, typed, hash }: SafeTx, signature: Hex): SafeTxResult {
  return {
    signature,
    contractTransactionHash: hash,
    sender: checksummed(account.address),
    ...toSafeTxWire({ ...args, chainId: typed.chainId }),
  };
}

/** The transaction as Clef writes it, keys in its order. */
export function toSafeTxWire(args: SafeTxArgs): SafeTxWire {
  return {
    safe: prefixed(args.safe),
    to: prefixed(args.to),
    value: String(args.value),
    gasPrice: String(args.gasPrice),
    data: args.data ?? null,
    operation: args.operation,
    gasToken: args.gasToken.address,
    refundReceiver: args.refundReceiver.address,
    baseGas: Number(args.baseGas),
    safeTxGas: Number(args.safeTxGas),
    nonce: Number(args.nonce),
    safeTxHash: args.safeTxHash,
    ...(args.chainId === undefined ? {} : { chainId: toQuantity(args.chainId) }),
  };
}

function typedDataOf(args: SafeTxArgs, chainId: bigint | undefined): TypedData {
  const domain: [name: string, type: string, value: string][] = [
    ...(chainId === undefined ? [] : [["chainId", "uint256", String(chainId)] as const]),
    ["verifyingContract", "address", args.safe.address] as const,
  ].map(([name, type, value]) => [name, type, value]);
  const message = members.map(([name]): [string, string] => [name, textOf(args, name)]);
  const types = new Map([
    ["EIP712Domain", domain.map(([name, type]) => member(name, type))],
    ["SafeTx", members.map(([name, type]) => member(name, type))],
  ]);
  const data = new Map<string, JsonValue>([
    ["types", types],
    ["primaryType", "SafeTx"],
    ["domain", new Map(domain.map(([name, , value]) => [name, value]))],
    ["message", new Map(message)],
  ]);
  return parseTypedData(args.account, data);
}

function textOf(args: SafeTxArgs, name: (typeof members)[number][0]): string {
  const value = args[name];
  if (value === undefined) return "0x";
  return typeof value === "object" ? value.address : String(value);
}

function member(name: string, type: string): JsonValue {
  return new Map([
    ["name", name],
    ["type", type],
  ]);
}
