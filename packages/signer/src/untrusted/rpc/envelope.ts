import {
  encodeJson,
  encodeJsonValue,
  isArray,
  isObject,
  JsonError,
  JsonNumber,
  type JsonValue,
  parseJsonBytes,
} from "@cleft/protocol/json.ts";
import { Failure, toRpcError } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { parseCall, type Request } from "./methods.ts";

/** Runs one request; what it returns goes out as JSON. */
export type Call = (request: Request) => Promise<unknown>;

/** What is told of a failed call to whoever keeps the log. */
export type Complain = (failure: Failure, method: string) => void;

/**
 * Answers one body (JSON-RPC 2.0, a single request or a batch) with a reply's text, or undefined if
 * it held only notifications. Batches run one after another, as in Clef. Nothing is thrown for what
 * a caller did wrong.
 */
export async function answer(
  untrustedBody: Uint8Array,
  { call, complain }: { call: Call; complain: Complain },
): Promise<string | undefined> {
  if (untrustedBody.every((byte) => blank.has(byte))) return undefined;
  const body = parseBody(untrustedBody);
  if (body instanceof Failure) {
    complain(body, "");
    return errorReply("null", body);
  }
  if (!isArray(body)) return lines(await run(parseItem(body), { call, complain }));
  if (body.length === 0) return errorReply("null", new Failure("rpc.batch", "empty batch"));
  if (body.length > limits.batchMax) return `[${tooLarge(body)}]`;
  // All are parsed before the first one waits for a person: the tree needn't be kept for so long.
  const items = body.map(parseItem);
  const replies: string[] = [];
  for (const item of items) {
    const reply = await run(item, { call, complain });
    if (reply !== undefined) replies.push(reply);
  }
  return replies.length === 0 ? undefined : lines(`[${replies.join(",")}]`);
}

const blank = new Set([0x20, 0x09, 0x0a, 0x0d]);

function parseBody(untrustedBody: Uint8Array): JsonValue | Failure {
  try {
    return parseJsonBytes(untrustedBody, limits.json);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (error.fault === "syntax") return new Failure("json.malformed", error.message);
    return new Failure("json.refused", error.message);
  }
}

/** A request that was understood or refused. `id` is undefined for a notification. */
interface Item {
  readonly id: string | undefined;
  readonly method: string;
  readonly request: Request | Failure;
}

function parseItem(untrusted: JsonValue): Item {
  const envelope = parseEnvelope(untrusted);
  if (envelope === undefined) {
    const request = new Failure("rpc.invalid", "invalid request");
    return { id: idOf(untrusted) ?? "null", method: "", request };
  }
  const { id, method, params } = envelope;
  try {
    return { id, method, request: parseCall(method, params) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { id, method, request: error };
  }
}

async function run(
  { id, method, request }: Item,
  { call, complain }: { call: Call; complain: Complain },
): Promise<string | undefined> {
  try {
    if (request instanceof Failure) throw request;
    const result = encodeJson(await call(request));
    return id === undefined ? undefined : `{"jsonrpc":"2.0","id":${id},"result":${result}}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    complain(error, method.slice(0, limits.methodCharsMax));
    return id === undefined ? undefined : errorReply(id, error);
  }
}

/** `id` is the JSON text to echo, undefined for a notification. */
interface Envelope {
  readonly id: string | undefined;
  readonly method: string;
  readonly params: JsonValue | undefined;
}

function parseEnvelope(untrusted: JsonValue): Envelope | undefined {
  if (!isObject(untrusted) || untrusted.get("jsonrpc") !== "2.0") return undefined;
  const method = untrusted.get("method");
  const id = idOf(untrusted);
  if (typeof method !== "string" || (untrusted.has("id") && id === undefined)) return undefined;
  return { id, method, params: untrusted.get("params") };
}

/** The id as it was written: a number, a string or null, not too long to be one. */
function idOf(untrusted: JsonValue): string | undefined {
  if (!isObject(untrusted)) return undefined;
  const id = untrusted.get("id");
  if (id !== null && typeof id !== "string" && !(id instanceof JsonNumber)) return undefined;
  const text = encodeJsonValue(id);
  return text.length <= limits.idCharsMax ? text : undefined;
}

function tooLarge(batch: readonly JsonValue[]): string {
  const id = batch.map(idOf).find((text) => text !== undefined) ?? "null";
  return errorReply(id, new Failure("rpc.batch", "batch too large"));
}

function errorReply(id: string, failure: Failure): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${encodeJson(toRpcError(failure))}}`;
}

/** Clef ends a reply with a newline, but not those for a body that it could not take apart. */
function lines(reply: string | undefined): string | undefined {
  return reply === undefined ? undefined : `${reply}\n`;
}
