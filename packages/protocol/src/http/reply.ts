import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { httpLimits } from "./limits.ts";

/** Refused before anything of the body counts: status and Clef's text. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** Another body than JSON. */
export const wrongType: Refusal = {
  status: 415,
  text: "invalid content type, only application/json is supported",
};

/** All doors together hold as much as they may. */
export const crowded: Refusal = {
  status: 503,
  text: "too much is being read, try again later",
};

/** Why a head is refused by what it says of its body, or undefined. */
export function refusalOfLength({ headers }: IncomingMessage): Refusal | undefined {
  const length = Number(headers["content-length"] ?? 0);
  const { bodyBytesMax } = httpLimits;
  if (length <= bodyBytesMax) return undefined;
  return { status: 413, text: `content length too large (${length}>${bodyBytesMax})` };
}

/** Whether a Content-Type says JSON, under any of the names that Clef takes. */
export function isJsonType(written: string | undefined): boolean {
  const [type = ""] = (written ?? "").split(";");
  return jsonTypes.has(type.trim().toLowerCase());
}

const jsonTypes = new Set(["application/json", "application/json-rpc", "application/jsonrequest"]);

/** Where Go's words for a status are not Node's. */
const reasons = new Map([[413, "Request Entity Too Large"]]);

/** Refuses in plain words and ends the connection. */
export function sayText(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: Refusal,
  more: OutgoingHttpHeaders = {},
): Promise<void> {
  const body = new TextEncoder().encode(`${text}\n`);
  response.writeHead(status, reasons.get(status), {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": body.length,
    Connection: "close",
    ...more,
  });
  response.write(body);
  return discard(request, response);
}

/** Answers in JSON; the connection stays open unless `more` says otherwise. */
export function sayJson(
  response: ServerResponse,
  body: string | Uint8Array,
  { status = 200, more = {} }: { status?: number; more?: OutgoingHttpHeaders } = {},
): void {
  response.end(headed(response, body, { status, more }));
}

/** Answers a request that isn't read to its end, as Clef does one that is no JSON. */
export function sayUnread(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  more: OutgoingHttpHeaders = {},
): Promise<void> {
  response.write(headed(response, body, { status: 200, more: { ...more, Connection: "close" } }));
  return discard(request, response);
}

function headed(
  response: ServerResponse,
  body: string | Uint8Array,
  { status, more }: { status: number; more: OutgoingHttpHeaders },
): Uint8Array {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const head = { "Content-Type": "application/json", "Content-Length": bytes.length, ...more };
  response.writeHead(status, head);
  return bytes;
}

/**
 * Ends a reply that came before the request's end. A socket that is closed with bytes unread is
 * reset, and a client that is still writing would never see why, so some of them are read first.
 */
export async function discard(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > httpLimits.discardBytesMax) break;
  }
  response.end();
}
