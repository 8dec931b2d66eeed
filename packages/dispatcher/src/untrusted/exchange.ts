import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonValue } from "@cleft/protocol/json.ts";
import type { Clock } from "../domain/clock.ts";
import { errorReplies, toRpcError } from "../domain/envelope.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { isHostMissing, refuseHost } from "./bad-request.ts";
import { Body } from "./body.ts";
import { claimsOf, watchCaller } from "./caller.ts";
import { check, type Refusal, type Rules, wrongType } from "./checks.ts";
import type { Connections } from "./connections.ts";
import { isFormBody } from "./content-type.ts";
import { type CorsHeaders, preflightHeaders } from "./origin.ts";
import { parseBody } from "./parse-body.ts";
import { discard, sayJson, sayText, sayTooLong } from "./reply.ts";

/** What every exchange shares. */
export interface ExchangeParts {
  readonly rules: Rules;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly bodies: Set<Body>;
  readonly connections: Connections;
  /** Whether the server is being closed: an idle connection would only hold it up. */
  readonly isClosing: () => boolean;
}

const crowded: Refusal = { status: 503, text: "too much is being read, try again later" };
const flooding: Refusal = { status: 503, text: "too many requests at once on one connection" };

/** One request and its response. It throws for a bug or a broken connection alone. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const gone = watchCaller(request, response, parts.clock);
  if (isHostMissing(request)) return refuseHost(request.socket);
  const verdict = check(request, parts.rules);
  const { cors } = verdict;
  if (verdict.kind === "refused") return sayText(request, response, verdict);
  if (parts.connections.requestsOf(request.socket) > limits.requestsPerConnectionMax) {
    return sayText(request, response, { refusal: flooding, cors });
  }
  if (verdict.kind === "preflight") {
    response.writeHead(204, preflightHeaders(request, cors));
    return discard(request, response);
  }
  if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
  const body = new Body(request, parts.bodies);
  try {
    const problem = await body.read();
    if (problem === "crowded") return await sayText(request, response, { refusal: crowded, cors });
    if (problem === "long") return await sayTooLong(request, response, cors);
    const parsed = parseBody(body.take());
    const close = parts.isClosing();
    if (parsed.kind === "answered") {
      return sayJson(response, parsed.reply, { status: 200, cors, close });
    }
    const { rpc } = parsed;
    if (verdict.body === "form" && !isFormBody(rpc)) {
      return await sayText(request, response, { refusal: wrongType, cors });
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
  sayJson(response, text, { status, cors, close: parts.isClosing() });
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
