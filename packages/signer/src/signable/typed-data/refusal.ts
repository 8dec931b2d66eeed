import { isArray, isObject, JsonNumber, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/**
 * Refuses typed data: Clef's sentence where it has one, then where it is.
 * @throws Failure `data.refused`
 */
export function refuse(sentence: string, path: string): never {
  const shown = path.length > pathCharsMax ? `${path.slice(0, pathCharsMax)}...` : path;
  throw new Failure("data.refused", `${sentence} at "${shown}"`);
}

/** Refuses a value for its type, in Clef's words. @throws Failure `data.refused` */
export function mismatch(untrusted: JsonValue | undefined, type: string, path: string): never {
  return refuse(`provided data '${goText(untrusted)}' doesn't match type '${type}'`, path);
}

/** A deeper path tells no more. */
const pathCharsMax = 256;

/** A value as Go prints it, shortened: part of a text that callers get. */
export function goText(untrusted: JsonValue | undefined): string {
  if (untrusted === undefined || untrusted === null) return "<nil>";
  if (isArray(untrusted)) return "[...]";
  if (isObject(untrusted)) return "map[...]";
  const text = untrusted instanceof JsonNumber ? untrusted.text : String(untrusted);
  return text.slice(0, limits.typedTypeCharsMax);
}

/** The name of a value's type in Go. */
export function goType(untrusted: JsonValue | undefined): string {
  if (untrusted === undefined || untrusted === null) return "<nil>";
  if (isArray(untrusted)) return "[]interface {}";
  if (isObject(untrusted)) return "map[string]interface {}";
  if (untrusted instanceof JsonNumber) return "float64";
  return typeof untrusted === "boolean" ? "bool" : "string";
}
