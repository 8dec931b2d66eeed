import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Whether a head is malformed because it names no host: HTTP/1.1 demands it. */
export function isHostMissing({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === "1.1";
}

/** Whether a head names more hosts than one, of which each reader could believe another. */
export function namesManyHosts({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name)).length > 1;
}

/** Answers a head without a host in Clef's words, and ends the connection. */
export function refuseHost(socket: Duplex): void {
  refuse(socket, "400 Bad Request: missing required Host header");
}

/** Answers what isn't HTTP, or too slow for it, in Clef's words, and ends the connection. */
export function refuseBytes(error: Error & { readonly code?: unknown }, socket: Duplex): void {
  refuse(socket, statuses.get(error.code) ?? "400 Bad Request");
}

const statuses = new Map<unknown, string>([
  ["HPE_HEADER_OVERFLOW", "431 Request Header Fields Too Large"],
  ["ERR_HTTP_REQUEST_TIMEOUT", "408 Request Timeout"],
]);

/** By hand: there may be no request, and Node has no such status lines. */
function refuse(socket: Duplex, status: string): void {
  const head = [`HTTP/1.1 ${status}`, "Content-Type: text/plain; charset=utf-8"];
  const text = [...head, "Connection: close", "", status].join("\r\n");
  if (socket.writable) socket.end(text, () => socket.destroy());
  else socket.destroy();
}
