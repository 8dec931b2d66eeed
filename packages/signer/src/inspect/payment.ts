import { type Address, checksummed } from "../domain/address.ts";
import { endOf } from "../domain/confirmation.ts";
import { limits } from "../domain/limits.ts";
import { costWei, type Wei, zeroWei } from "../domain/quantity.ts";
import type { Review, ReviewField } from "../domain/review.ts";
import type { AccessTuple } from "../signable/access-list-args.ts";
import type { Payment } from "../signable/envelope.ts";
import type { AbiValue } from "./abi/codec.ts";
import { signatureOf } from "./abi/type.ts";
import { formatCoin, nameOfChain } from "./amount.ts";
import { type Calldata, type DecodedCall, formatValue } from "./calldata.ts";
import { chunked, field } from "./review-field.ts";

/** What is known besides the transaction itself. */
export interface Context {
  readonly from: Address;
  readonly calldata: Calldata;
}

/** What differs between the types of transactions: the most a unit of gas may cost, and the rest. */
export interface TypeParts {
  readonly priceMax: Wei;
  /** The most that is paid besides gas; nothing for most. */
  readonly blobFeeMax?: bigint;
  readonly details: readonly ReviewField[];
}

/** What a person has to know about any transaction, most important first. */
export function describePayment(
  tx: Payment,
  { from, calldata }: Context,
  { priceMax, blobFeeMax = 0n, details }: TypeParts,
): Omit<Review, "findings"> {
  const feeMaxWei = costWei(tx.gas, priceMax) + blobFeeMax;
  return {
    headline: headline(tx),
    fields: [
      field("amount", formatCoin(tx.value, tx.chainId)),
      field("to", tx.to === "create" ? "a new contract" : checksummed(tx.to)),
      field("from", checksummed(from)),
      field("fee at most", formatCoin(feeMaxWei, tx.chainId)),
      field("total at most", formatCoin(tx.value + feeMaxWei, tx.chainId)),
      ...callFields(tx, calldata),
    ],
    details: [field("nonce", String(tx.nonce)), field("gas", String(tx.gas)), ...details],
    data: tx.data,
    confirmation: tx.to === "create" ? endOf(from, "from") : endOf(tx.to, "to"),
  };
}

/** An access list, one line an address or slot, cut if it is long: only what is shown is made. */
export function accessFields(list: readonly AccessTuple[]): ReviewField[] {
  const shown: ReviewField[] = [];
  for (const { address, storageKeys } of list.slice(0, limits.shownAccessLines)) {
    shown.push(field("access", checksummed(address)));
    const room = limits.shownAccessLines - shown.length;
    shown.push(...storageKeys.slice(0, room).map((key) => field("slot", key)));
    if (shown.length >= limits.shownAccessLines) break;
  }
  const all = list.reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0);
  const hidden = all - shown.length;
  return hidden === 0 ? shown : [...shown, field("", `and ${hidden} more that are not shown`)];
}

function headline(tx: Payment): string {
  const chain = nameOfChain(tx.chainId);
  if (tx.to === "create") return `Create a contract on ${chain}`;
  const amount = formatCoin(tx.value, tx.chainId);
  if (tx.data === "0x") return `Send ${amount} on ${chain}`;
  if (tx.value === zeroWei) return `Call a contract on ${chain}`;
  return `Call a contract and send ${amount} on ${chain}`;
}

/**
 * A call in words. What only the caller says of it is marked as a claim, and a name that was found by
 * four bytes as a guess: anybody can make a method that has them.
 */
export function callFields(tx: Pick<Payment, "data" | "to">, calldata: Calldata): ReviewField[] {
  if (tx.data === "0x") return [];
  const bytes = (tx.data.length - 2) / 2;
  if (tx.to === "create") return [field("code", `${bytes} bytes, shown below`)];
  if (calldata.kind !== "decoded") {
    return [field("call", `${bytes} bytes, cannot be decoded: you would sign blind`)];
  }
  return calldata.calls.flatMap((call, at) => decodedFields(at === 0 ? "call" : "or call", call));
}

/** The arguments of a call, each element of a list by itself: one line more than may be shown tells that. */
export function argumentFields({ values }: Pick<DecodedCall, "values">): ReviewField[] {
  const fields: ReviewField[] = [];
  for (const [at, value] of values.entries()) {
    for (const next of valueFields(`  argument ${at + 1}`, value)) {
      if (fields.push(next) > limits.shownTextLines) return fields;
    }
  }
  return fields;
}

/** Made one by one: a call may have thousands, and most of them are never looked at. */
function* valueFields(label: string, value: AbiValue): Generator<ReviewField> {
  if (value.kind !== "list") yield* chunked(label, spoken(value));
  else {
    yield field(label, listText(value.items));
    yield* itemFields("", value.items);
  }
}

/** Nobody counts 78 digits. */
function spoken(value: AbiValue): string {
  const isLargest = value.kind === "number" && value.value === 2n ** 256n - 1n;
  return isLargest ? `${formatValue(value)} (the largest uint256)` : formatValue(value);
}

function* itemFields(path: string, items: readonly AbiValue[]): Generator<ReviewField> {
  for (const [at, item] of items.entries()) {
    const here = `${path}[${at}]`;
    if (item.kind === "list" && item.items.length > 0) yield* itemFields(here, item.items);
    else yield* valueFields(`    ${here}`, item);
  }
}

function listText({ length }: readonly AbiValue[]): string {
  return length === 0 ? "an empty list" : `a list of ${length}`;
}

function decodedFields(label: string, call: DecodedCall): ReviewField[] {
  const { method, source } = call;
  // Behind a space, which no signature has.
  const guess = source === "selector" ? " (guessed from its selector)" : "";
  const name = { label, value: `${signatureOf(method)}${guess}`, claim: source === "caller" };
  const args = argumentFields(call);
  const shown = args.slice(0, limits.shownTextLines);
  return args.length === shown.length
    ? [name, ...args]
    : [name, ...shown, field("", "the rest of the call is not shown")];
}
