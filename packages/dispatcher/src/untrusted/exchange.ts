import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Connections } from "@cleft/protocol/connections.ts";
import { isHostMissing, refuseHost } from "@cleft/protocol/http/bad-request.ts";
import { Body } from "@cleft/protocol/http/body.ts";
import {
  crowded,
  discard,
  type Refusal,
  sayJson,
  sayText,
  sayUnread,
  wrongType,
} from "@cleft/protocol/http/reply.ts";
import { watchCaller } from "@cleft/protocol/http/watch-caller.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import type { Clock } from "../domain/clock.ts";
import { errorReplies, toRpcError } from "../domain/envelope.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { claimsOf } from "./caller.ts";
import { check, type Rules } from "./checks.ts";
import { isFormBody } from "./content-type.ts";
import { type CorsHeaders, preflightHeaders } from "./origin.ts";
import { parseBody, parseErrorReply } from "./parse-body.ts";

/** What every exchange shares. */
export interface ExchangeParts {
  readonly rules: Rules;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly bodies: Set<Body>;
  readonly connections: Connections<Socket>;
  /** Whether the server is being closed. */
  readonly isClosing: () => boolean;
}

const flooding: Refusal = { status: 503, text: "too many requests at once on one connection" };

/** One request and its response. It throws for a bug or a broken connection alone. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const gone = watchCaller(request, response, { timer: parts.clock, reason: () => undefined });
  if (isHostMissing(request)) return refuseHost(request.socket);
  const verdict = check(request, parts.rules);
  const { cors } = verdict;
  if (verdict.kind === "refused") return sayText(request, response, verdict.refusal, cors);
  if (parts.connections.requestsOf(request.socket) > limits.requestsPerConnectionMax) {
    return sayText(request, response, flooding, cors);
  }
  if (verdict.kind === "preflight") {
    response.writeHead(204, preflightHeaders(request, cors));
    return discard(request, response);
  }
  if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
  const body = new Body(request, parts.bodies);
  try {
    const problem = await body.read();
    if (problem === "crowded") return await sayText(request, response, crowded, cors);
    if (problem === "long") return await sayUnread(request, response, parseErrorReply, cors);
    const parsed = parseBody(body.take());
    if (parsed.kind === "answered") {
      return sayJson(response, parsed.reply, { more: headersOf(cors, parts) });
    }
    const { rpc } = parsed;
    if (verdict.body === "form" && !isFormBody(rpc)) {
      return await sayText(request, response, wrongType, cors);
    }
    await carry(rpc, { request, response, cors, gone, parts });
  } finally {
    body.release();
  }
}

interface Carrying {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly cors: CorsHeaders;
  readonly gone: AbortSignal;
  readonly parts: ExchangeParts;
}

/** Carries a body to the signer and its reply, or why there is none, back. */
async function carry(rpc: JsonValue, carrying: Carrying): Promise<void> {
  const { request, response, cors, gone, parts } = carrying;
  const { status, text } = await replyOf(rpc, () =>
    parts.upstream.call({ rpc, claims: claimsOf(request) }, gone),
  );
  sayJson(response, text, { status, more: headersOf(cors, parts) });
}

/** Once the server is closing, an idle connection would only hold it up. */
function headersOf(cors: CorsHeaders, { isClosing }: ExchangeParts): OutgoingHttpHeaders {
  return isClosing() ? { ...cors, Connection: "close" } : { ...cors };
}

async function replyOf(
  rpc: JsonValue,
  ask: () => Promise<string | undefined>,
): Promise<{ status: number; text: string }> {
  try {
    const reply = await ask();
    return { status: 200, text: reply === undefined ? "" : `${reply.trimEnd()}\n` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: error.status, text: `${errorReplies(rpc, toRpcError(error))}\n` };
  }
}
