import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { isArray, JsonError, type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { decodeStrict } from "@cleft/protocol/utf8.ts";
import { parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { SpelledAddress } from "./fields.ts";
import { parseMediaType } from "./media-type.ts";
import type { Message } from "./messages.ts";
import { parseTypedData, type TypedData } from "./typed-data/typed-data.ts";

/** Types that are signed in ways of their own, none of which is there yet. */
const later = new Set(["data/validator", "application/x-clique-header"]);

/**
 * Parses the arguments of `account_signData`: content type, account, data. Every type that has no
 * meaning of its own is text, as in Clef.
 * @throws Failure `params.invalid`, `data.refused` with Clef's text, `signable.later`
 */
export function parseDataArgs([
  type = null,
  address = null,
  data = null,
]: readonly JsonValue[]): Message {
  const account = parseAccount(address, 1);
  const contentType = parseContentType(type);
  if (later.has(contentType)) {
    throw new Failure("signable.later", `data of type ${contentType} is not implemented yet`);
  }
  if (contentType === "data/typed") return parseTypedText(account, data);
  const message = fromHex(parseHexData(data, limits.textBytesMax));
  return { tag: "text", account, contentType, message };
}

/**
 * Parses the arguments of `account_signTypedData`: account, and the data as an object or, as many
 * clients send it, as the text of one.
 * @throws Failure `params.invalid`, `data.refused`
 */
export function parseTypedDataArgs([address = null, data = null]: readonly JsonValue[]): TypedData {
  const account = parseAccount(address, 0);
  if (typeof data !== "string") return parseTypedData(account, data);
  const object = parseText(data);
  if (object instanceof JsonError) {
    throw new Failure("params.invalid", `invalid argument 1: ${object.message}`);
  }
  return parseTypedData(account, object);
}

/** `data/typed` comes as bytes, which are the text of an object. */
function parseTypedText(account: SpelledAddress, untrusted: JsonValue): TypedData {
  const text = decodeStrict(fromHex(parseHexData(untrusted, limits.bodyBytesMax)));
  const object = text === undefined ? undefined : parseText(text);
  if (object === undefined || object instanceof JsonError) {
    return refuse(object?.message ?? "the data is no text of typed data");
  }
  return parseTypedData(account, object);
}

function parseText(untrusted: string): JsonValue | JsonError {
  try {
    return parseJson(untrusted, limits.json);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}

/** An address among the arguments, with its spelling. @throws Failure `params.invalid` */
export function parseAccount(untrusted: JsonValue, argument: number): SpelledAddress {
  const address = typeof untrusted === "string" ? parseAddress(untrusted) : undefined;
  if (typeof untrusted === "string" && address !== undefined) return { address, text: untrusted };
  const wanted = 'expected an address of "0x" and 40 hex digits';
  throw new Failure("params.invalid", `invalid argument ${argument}: ${wanted}`);
}

/** `null` is no text, as in Go. */
function parseContentType(untrusted: JsonValue): string {
  const text = untrusted ?? "";
  if (typeof text !== "string" || text.length > limits.contentTypeCharsMax) {
    throw new Failure("params.invalid", "invalid argument 0: expected a content type");
  }
  return parseMediaType(text);
}

function parseHexData(untrusted: JsonValue, bytesMax: number): Hex {
  if (typeof untrusted !== "string") refuse(`wrong type ${goTypeOf(untrusted)}`);
  if (untrusted === "") refuse("empty hex string");
  if (!/^0[xX]/.test(untrusted)) refuse("hex string without 0x prefix");
  if (untrusted.length > 2 + 2 * bytesMax) {
    refuse(`expected at most ${bytesMax} bytes of text`);
  }
  if (untrusted.length % 2 === 1) refuse("hex string of odd length");
  if (!/^[0-9a-fA-F]*$/.test(untrusted.slice(2))) refuse("invalid hex string");
  return `0x${untrusted.slice(2)}`;
}

/** The type's name in Go: part of an error text that callers get. */
function goTypeOf(value: Exclude<JsonValue, string>): string {
  if (value === null) return "<nil>";
  if (typeof value === "boolean") return "bool";
  if (isArray(value)) return "[]interface {}";
  return value instanceof Map ? "map[string]interface {}" : "float64";
}

function refuse(message: string): never {
  throw new Failure("data.refused", message);
}
