import {
  encodeJson,
  encodeJsonValue,
  isArray,
  isObject,
  JsonNumber,
  type JsonValue,
} from "@cleft/protocol/json.ts";
import { type RpcError, rpcCode } from "@cleft/protocol/rpc.ts";
import type { Failure } from "./failure.ts";
import { limits } from "./limits.ts";

/**
 * What of JSON-RPC the dispatcher has to know: who waits for a reply, under which id. All else is
 * the signer's to judge.
 */

/** The ids of all replies that a body gets, as JSON texts; empty for notifications only. */
export function idsOf(rpc: JsonValue): readonly string[] {
  const items = isArray(rpc) ? rpc : [rpc];
  return items.flatMap((item) => idOfReply(item) ?? []);
}

/** A body's reply where nothing was done: an error for each request, as the signer would do it. */
export function errorReplies(rpc: JsonValue, error: RpcError): string {
  const [first = "null", ...others] = idsOf(rpc);
  if (!isArray(rpc)) return errorReply(first, error);
  return `[${[first, ...others].map((id) => errorReply(id, error)).join(",")}]`;
}

/** One error; `id` is a JSON text. */
export function errorReply(id: string, error: RpcError): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${encodeJson(error)}}`;
}

/** What a caller is told of a failure. */
export function toRpcError({ sentence, hint }: Failure): RpcError {
  return { code: rpcCode.server, message: `${sentence} (${hint})` };
}

/** Undefined for what gets no reply: a notification, and an answer that nobody asked for. */
function idOfReply(item: JsonValue): string | undefined {
  if (!isObject(item)) return "null";
  const id = idOf(item.get("id"));
  if (item.get("jsonrpc") !== "2.0" || (item.has("id") && id === undefined)) return id ?? "null";
  const isAnswer = (item.has("result") || item.has("error")) && !item.has("params");
  if (id !== undefined) return isAnswer && !item.has("method") ? undefined : id;
  return typeof item.get("method") === "string" ? undefined : "null";
}

function idOf(id: JsonValue | undefined): string | undefined {
  if (id !== null && typeof id !== "string" && !(id instanceof JsonNumber)) return undefined;
  // A long text isn't even written: millions of marks to be escaped would take half a second.
  if (typeof id === "string" && id.length > limits.idCharsMax) return undefined;
  const text = encodeJsonValue(id);
  return text.length <= limits.idCharsMax ? text : undefined;
}
