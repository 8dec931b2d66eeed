import { JsonError, type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { decodeStrict } from "@cleft/protocol/utf8.ts";
import { parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { parseCliqueHeader } from "./clique.ts";
import type { SpelledAddress } from "./fields.ts";
import { parseHexData } from "./hex-data.ts";
import { parseMediaType } from "./media-type.ts";
import type { Message } from "./messages.ts";
import { parseTypedData, type TypedData } from "./typed-data/typed-data.ts";
import { parseValidatorData } from "./validator.ts";

/**
 * Parses the arguments of `account_signData`: content type, account, data. Every type that has no
 * meaning of its own is text, as in Clef.
 * @throws Failure `params.invalid`, `data.refused` with Clef's text
 */
export function parseDataArgs([
  type = null,
  address = null,
  data = null,
]: readonly JsonValue[]): Message {
  const account = parseAccount(address, 1);
  const contentType = parseContentType(type);
  switch (contentType) {
    case "data/typed":
      return parseTypedText(account, data);
    case "data/validator":
      return parseValidatorData(account, data);
    case "application/x-clique-header":
      return parseCliqueHeader(account, parseHexData(data, { bytesMax: limits.headerBytesMax }));
    default: {
      const message = parseHexData(data, { bytesMax: limits.textBytesMax });
      return { tag: "text", account, contentType, message };
    }
  }
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
  const text = decodeStrict(parseHexData(untrusted, { bytesMax: limits.bodyBytesMax }));
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

function refuse(message: string): never {
  throw new Failure("data.refused", message);
}
