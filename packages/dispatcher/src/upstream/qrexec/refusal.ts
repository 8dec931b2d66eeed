import { isObject, type JsonValue } from "@cleft/protocol/json.ts";

/**
 * What a signer says instead of its hello when it doesn't let a caller in: an error of JSON-RPC,
 * since it can't know yet that a dispatcher calls. Undefined for anything else.
 */
export function refusalIn(untrusted: JsonValue): string | undefined {
  const error = isObject(untrusted) ? untrusted.get("error") : undefined;
  const message = isObject(error) ? error.get("message") : undefined;
  return typeof message === "string" ? message : undefined;
}
