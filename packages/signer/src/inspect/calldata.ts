import { fromHex, type Hex, toHex } from "@cleft/protocol/hex.ts";
import { checksummed, parseAddress } from "../domain/address.ts";
import { limits } from "../domain/limits.ts";
import { AbiError, type AbiValue, decodeArguments, encodeArguments } from "./abi/codec.ts";
import { type AbiMethod, nameOfType, parseMethod, signatureOf } from "./abi/type.ts";
import { type KnownMethod, type MethodsOf, selectorOfMethod } from "./selectors.ts";

/** A call that was taken apart, and whose canonical encoding is exactly the data. */
export interface DecodedCall extends KnownMethod {
  readonly values: readonly AbiValue[];
}

/**
 * What is known of calldata. Several decoded calls are one too many: the data is exactly each of
 * them, and which one the contract has can't be told. `claimed`: only the caller named the method.
 */
export type Calldata =
  | { readonly kind: "none" }
  | { readonly kind: "decoded"; readonly calls: readonly [DecodedCall, ...DecodedCall[]] }
  | { readonly kind: "unknown"; readonly selector: string }
  | { readonly kind: "mismatch"; readonly reason: string; readonly claimed: boolean };

/**
 * Takes calldata apart, by the caller's signature if there is one, else by the known ones of its
 * selector: those count that decode it, and only if none does, why the first of them doesn't. The
 * reasons are Clef's texts. `none` is data that can't call a method, having less than four bytes.
 */
export function readCalldata(
  data: Hex,
  claimedSignature: string | undefined,
  methodsOf: MethodsOf,
): Calldata {
  if (data.length < 10) return { kind: "none" };
  const selector = data.slice(2, 10);
  if (claimedSignature !== undefined) {
    return matched(data, parseMethod(claimedSignature), claimedSignature);
  }
  const [first, ...others] = methodsOf(selector).map((known) => decoded(data, known));
  if (first === undefined) return { kind: "unknown", selector };
  const [call, ...calls] = [first, ...others].flatMap((read) =>
    read.kind === "decoded" ? read.calls : [],
  );
  return call === undefined ? first : { kind: "decoded", calls: [call, ...calls] };
}

/** The call as Clef writes it: `transfer(address: 0x…,uint256: 1)`. */
export function formatCall({ method, values }: DecodedCall): string {
  const args = values.map((value, at) => {
    const type = method.types[at];
    return `${type === undefined ? "" : nameOfType(type)}: ${formatValue(value)}`;
  });
  return `${method.name}(${args.join(",")})`;
}

/** A value for a reader, every digit of it. */
export function formatValue(value: AbiValue): string {
  switch (value.kind) {
    case "number":
    case "bool":
      return String(value.value);
    case "address":
      return formatAddress(value.value);
    case "bytes":
      return toHex(value.value);
    case "string":
      return value.value;
    case "list":
      return `[${value.items.map(formatValue).join(" ")}]`;
  }
}

function formatAddress(text: Hex): string {
  const address = parseAddress(text);
  return address === undefined ? text : checksummed(address);
}

function matched(data: Hex, method: AbiMethod | undefined, claimed: string): Calldata {
  const selector = data.slice(2, 10);
  if (method === undefined) {
    const token = claimed === "" ? "empty token" : "it is no signature of a method";
    const reason = `failed to parse selector: failed to parse selector '${claimed}': ${token}`;
    return { kind: "mismatch", reason, claimed: true };
  }
  if (selectorOfMethod(method) !== selector) {
    return { kind: "mismatch", reason: `no method with id: 0x${selector}`, claimed: true };
  }
  return decoded(data, { method, source: "caller" });
}

function decoded(
  data: Hex,
  { method, source }: KnownMethod,
): Extract<Calldata, { kind: "decoded" | "mismatch" }> {
  const bytes = fromHex(data).subarray(4);
  const claimed = source === "caller";
  const mismatch = (reason: string) => ({ kind: "mismatch", reason, claimed }) as const;
  if (bytes.length % 32 !== 0) {
    const length = `length should be a multiple of 32 bytes (was ${bytes.length})`;
    return mismatch(`invalid call data; ${length}`);
  }
  try {
    const values = decodeArguments(method.types, bytes);
    const encoded = encodeArguments(method.types, values);
    if (Buffer.compare(encoded, bytes) === 0) {
      return { kind: "decoded", calls: [{ method, source, values }] };
    }
    const [given, canonical] = [bytes, encoded].map(shortHex);
    const signature = signatureOf(method);
    const stuffed = "WARNING: Supplied data is stuffed with extra data. ";
    return mismatch(`${stuffed}\nWant ${given}\nHave ${canonical}\nfor method ${signature}`);
  } catch (error) {
    if (!(error instanceof AbiError)) throw error;
    const named = `signature "${describeMethod(method)}" matches, but arguments mismatch`;
    return mismatch(`${named}: ${error.message}`);
  }
}

/** In hex, cut where nobody reads on. */
function shortHex(bytes: Uint8Array): string {
  const shown = toHex(bytes.subarray(0, limits.shownDataBytes)).slice(2);
  return bytes.length > limits.shownDataBytes ? `${shown}...` : shown;
}

/** As go-ethereum prints a method whose arguments have no names. */
function describeMethod({ name, types }: AbiMethod): string {
  const args = types.map((type, at) => `${nameOfType(type)} name${at}`);
  return `function ${name}(${args.join(", ")}) returns()`;
}
