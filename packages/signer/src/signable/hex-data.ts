import { fromHex } from "@cleft/protocol/hex.ts";
import { isArray, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../domain/failure.ts";

/** How many bytes there may be, and what stands before a refusal's text. */
export interface HexRules {
  readonly bytesMax: number;
  readonly lead?: string;
}

/** Parses bytes from their hex text. @throws Failure `data.refused` with Clef's text */
export function parseHexData(untrusted: JsonValue, { bytesMax, lead = "" }: HexRules): Uint8Array {
  const refuse = (message: string): never => {
    throw new Failure("data.refused", lead + message);
  };
  if (typeof untrusted !== "string") return refuse(`wrong type ${goTypeOf(untrusted)}`);
  if (untrusted === "") refuse("empty hex string");
  if (!/^0[xX]/.test(untrusted)) refuse("hex string without 0x prefix");
  if (untrusted.length > 2 + 2 * bytesMax) refuse(`expected at most ${bytesMax} bytes of text`);
  if (untrusted.length % 2 === 1) refuse("hex string of odd length");
  if (!/^[0-9a-fA-F]*$/.test(untrusted.slice(2))) refuse("invalid hex string");
  return fromHex(`0x${untrusted.slice(2)}`);
}

/** The type's name in Go: part of an error text that callers get. */
function goTypeOf(value: Exclude<JsonValue, string>): string {
  if (value === null) return "<nil>";
  if (typeof value === "boolean") return "bool";
  if (isArray(value)) return "[]interface {}";
  return value instanceof Map ? "map[string]interface {}" : "float64";
}
