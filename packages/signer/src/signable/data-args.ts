import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { isArray, type JsonValue } from "@cleft/protocol/json.ts";
import { parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { SpelledAddress } from "./fields.ts";
import { parseMediaType } from "./media-type.ts";
import type { Text } from "./text.ts";

/** Types that are signed in ways of their own, none of which is there yet. */
const later = new Set(["data/validator", "application/x-clique-header", "data/typed"]);

/**
 * Parses the arguments of `account_signData`: content type, account, data. Every type that has no
 * meaning of its own is text, as in Clef.
 * @throws Failure `params.invalid`, `data.refused` with Clef's text, `signable.later`
 */
export function parseDataArgs([
  type = null,
  address = null,
  data = null,
]: readonly JsonValue[]): Text {
  const account = parseAccount(address, 1);
  const contentType = parseContentType(type);
  if (later.has(contentType)) {
    throw new Failure("signable.later", `data of type ${contentType} is not implemented yet`);
  }
  return { tag: "text", account, contentType, message: fromHex(parseHexData(data)) };
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

function parseHexData(untrusted: JsonValue): Hex {
  if (typeof untrusted !== "string") refuse(`wrong type ${goTypeOf(untrusted)}`);
  if (untrusted === "") refuse("empty hex string");
  if (!/^0[xX]/.test(untrusted)) refuse("hex string without 0x prefix");
  if (untrusted.length > 2 + 2 * limits.textBytesMax) {
    refuse(`expected at most ${limits.textBytesMax} bytes of text`);
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
