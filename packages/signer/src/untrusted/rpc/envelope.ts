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
import { countValues } from "@cleft/protocol/json-count.ts";
import { Failure, toRpcError } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { loopTurn } from "../loop-turn.ts";
import { type Dialect, http } from "./dialect.ts";
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
  untrustedBody: Uint8Array | { readonly json: JsonValue },
  { call, complain, dialect = http }: { call: Call; complain: Complain; dialect?: Dialect },
): Promise<string | undefined> {
  const refuse = (failure: Failure) =>
    dialect.alwaysLines ? refusalLine(failure) : errorReply("null", failure);
  const body = untrustedBody instanceof Uint8Array ? parseBody(untrustedBody) : untrustedBody.json;
  if (body === undefined) return undefined;
  if (body instanceof Failure) {
    complain(body, "");
    return refuse(body);
  }
  const parts = { call, complain, replyMax: dialect.batchReplyMax };
  if (!isArray(body)) {
    const isStepwise = isLong(untrustedBody);
    if (isStepwise) await loopTurn();
    const item = parseItem(body, dialect);
    if (isStepwise) await loopTurn();
    return lines(await run(item, parts));
  }
  if (body.length === 0) return refuse(new Failure("rpc.batch", "empty batch"));
  if (body.length > dialect.batchMax) return `[${tooLarge(body)}]`;
  // All are parsed before the first one waits for a person: the tree needn't be kept for so long.
  const items: Item[] = [];
  for (const item of body) {
    await loopTurn();
    items.push(parseItem(item, dialect));
  }
  const replies = await runAll(items, parts);
  return replies.length === 0 ? undefined : lines(`[${replies.join(",")}]`);
}

/** Runs them one after another, until their replies together are too long. */
async function runAll(
  items: readonly Item[],
  parts: { call: Call; complain: Complain; replyMax: Dialect["batchReplyMax"] },
): Promise<string[]> {
  const { chars, values } = parts.replyMax;
  const replies: string[] = [];
  let [charsLeft, valuesLeft] = [chars, values];
  for (const item of items) {
    await loopTurn();
    const isFull = charsLeft < 0 || valuesLeft < 0;
    const reply = await run(isFull ? { ...item, request: tooLong() } : item, parts);
    if (reply === undefined) continue;
    charsLeft -= reply.length;
    if (Number.isFinite(values)) valuesLeft -= countValues(reply);
    replies.push(reply);
  }
  return replies;
}

function tooLong(): Failure {
  return new Failure("rpc.long", "the replies of a batch are too long together");
}

/** A frame was parsed in a turn of its own, and how long it was nobody knows any more. */
function isLong(untrustedBody: Uint8Array | object): boolean {
  return untrustedBody instanceof Uint8Array && untrustedBody.length > limits.longBodyBytes;
}

/** By index: a function call or an iterator's step for each of five million bytes takes 40 ms. */
function isBlank(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return true;
}

/** Undefined if there is nothing. */
function parseBody(untrustedBody: Uint8Array): JsonValue | Failure | undefined {
  if (isBlank(untrustedBody)) return undefined;
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
  readonly request: Request | Failure | "response";
}

function parseItem(untrusted: JsonValue, dialect: Dialect): Item {
  if (isResponse(untrusted)) return { id: undefined, method: "", request: "response" };
  const envelope = parseEnvelope(untrusted);
  if (envelope === undefined) {
    const request = new Failure("rpc.invalid", "invalid request");
    return { id: idOf(untrusted) ?? "null", method: "", request };
  }
  const { id, method, params } = envelope;
  try {
    if (method.endsWith("_subscribe")) throw dialect.noSubscription(method, params);
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
  if (request === "response") return undefined;
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

/** An answer to a question that nobody asked: nothing is said to it, as in Clef. */
function isResponse(untrusted: JsonValue): boolean {
  if (!isObject(untrusted) || untrusted.get("jsonrpc") !== "2.0") return false;
  const isAnswer = untrusted.has("result") || untrusted.has("error");
  const isCall = untrusted.has("method") || untrusted.has("params");
  return isAnswer && !isCall && idOf(untrusted) !== undefined;
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
  // A long text isn't even written: millions of marks to be escaped would take half a second.
  if (typeof id === "string" && id.length > limits.idCharsMax) return undefined;
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

/** The answer to what isn't looked at, as a line. */
export function refusalLine(failure: Failure): string {
  return `${errorReply("null", failure)}\n`;
}

/** The answer to a body that is too long to be read. */
export const parseErrorReply: string = errorReply(
  "null",
  new Failure("json.malformed", "the body is too long"),
);

/** Clef ends a reply with a newline, but not those for a body that it could not take apart. */
function lines(reply: string | undefined): string | undefined {
  return reply === undefined ? undefined : `${reply}\n`;
}
