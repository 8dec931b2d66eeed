import type { IncomingHttpHeaders } from "node:http";
import { isJsonType } from "@cleft/protocol/http/reply.ts";
import { isObject, type JsonValue } from "@cleft/protocol/json.ts";
import { hostNameOf } from "./host.ts";

/** What a body may be taken for; `form` is JSON under the type that curl gives to what it posts. */
export type BodyKind = "json" | "form" | "refused";

/** What of a request says where it comes from. */
export interface Head {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Clef's documented `curl -X POST -d @- http://localhost:8550` says that it sends a form. So may a
 * page, without being asked first; therefore a form is taken from this machine alone, under the
 * literal name that the document has, and with no trace of a browser.
 */
export function bodyKindOf(request: Head): BodyKind {
  const { headers, socket } = request;
  const type = headers["content-type"];
  if (isJsonType(type)) return "json";
  const isForm = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type ?? "");
  const isLocal = hostNameOf(headers.host) === "localhost" && isLoopback(socket.remoteAddress);
  return isForm && isLocal && !isOfBrowser(Object.keys(headers)) ? "form" : "refused";
}

/** Whether a body is what may come as a form: one request of Clef's own API. */
export function isFormBody(rpc: JsonValue): boolean {
  const method = isObject(rpc) ? rpc.get("method") : undefined;
  return typeof method === "string" && method.startsWith("account_");
}

function isOfBrowser(names: readonly string[]): boolean {
  return names.some((name) => traces.has(name) || name.startsWith("sec-fetch-"));
}

const traces = new Set(["origin", "referer", "cookie"]);

function isLoopback(address: string | undefined): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address ?? "");
}
