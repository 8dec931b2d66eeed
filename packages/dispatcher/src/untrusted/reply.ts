import type { IncomingMessage, ServerResponse } from "node:http";
import { limits } from "../domain/limits.ts";
import type { Refusal } from "./checks.ts";
import type { CorsHeaders } from "./origin.ts";
import { parseErrorReply } from "./parse-body.ts";

/** Where Go's words for a status are not Node's. */
const reasons = new Map([[413, "Request Entity Too Large"]]);

/** Refuses in plain words and ends the connection. */
export function sayText(
  request: IncomingMessage,
  response: ServerResponse,
  { refusal, cors }: { refusal: Refusal; cors: CorsHeaders },
): Promise<void> {
  const body = `${refusal.text}\n`;
  response.writeHead(refusal.status, reasons.get(refusal.status), {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
    ...cors,
  });
  response.write(body);
  return discard(request, response);
}

/** Answers a body that is too long to be read, as Clef does: like one that is no JSON. */
export function sayTooLong(
  request: IncomingMessage,
  response: ServerResponse,
  cors: CorsHeaders,
): Promise<void> {
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(parseErrorReply),
    ...cors,
    Connection: "close",
  });
  response.write(parseErrorReply);
  return discard(request, response);
}

/** Answers in JSON. */
export function sayJson(
  response: ServerResponse,
  body: string,
  { status, cors, close }: { status: number; cors: CorsHeaders; close: boolean },
): void {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    ...cors,
    ...(close ? { Connection: "close" } : {}),
  });
  response.end(body);
}

/**
 * Ends a reply that came before the request's end. A socket that is closed with bytes unread is
 * reset, and a client that is still writing would never see why, so some of them are read first.
 */
export async function discard(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limits.discardBytesMax) break;
  }
  response.end();
}
