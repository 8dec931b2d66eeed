import { isObject, JsonNumber, type JsonValue } from "@cleft/protocol/json.ts";
import { rpcCode } from "@cleft/protocol/rpc.ts";
import type { Ending } from "./channel.ts";

/**
 * What a signer says instead of its hello when it doesn't let a caller in: an error of JSON-RPC,
 * since it can't know yet that a dispatcher calls. Undefined for anything else.
 */
export function refusalIn(untrusted: JsonValue): Ending | undefined {
  const error = isObject(untrusted) ? untrusted.get("error") : undefined;
  if (!isObject(error)) return undefined;
  const [code, why] = [error.get("code"), error.get("message")];
  if (typeof why !== "string") return undefined;
  const isBusy = code instanceof JsonNumber && code.text === String(rpcCode.limitExceeded);
  return { kind: isBusy ? "busy" : "refused", why };
}
