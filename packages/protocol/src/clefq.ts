import {
  encodeJson,
  encodeJsonValue,
  isObject,
  JsonError,
  type JsonLimits,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJsonBytes,
} from "./json.ts";
import { countValues } from "./json-count.ts";

/**
 * The stream between a dispatcher and the signer: one JSON object a line, both ways. The client
 * says hello, then requests; the signer acknowledges each before it looks at it, and answers when
 * it can. Who the client is, the channel says; nothing in here does.
 */

/** The version that both sides say in their hello. */
export const clefqVersion = 1;

export const clefqLimits = {
  /** Longest frame of a client, bytes: as long as an HTTP body. */
  frameBytesMax: 5 * 1024 * 1024,
  /** Longest frame of the signer, bytes: the replies of the longest batch fit. */
  replyBytesMax: 32 * 1024 * 1024,
  /** Longest claim, characters: no browser sends a longer Origin, no library a longer User-Agent. */
  claimCharsMax: 256,
  /** Longest name of a client, characters: `name/x.y`. */
  clientCharsMax: 64,
  /** Requests that are served at once; a client keeps the others back. */
  inflight: 16,
  /** How often each side asks whether the other one still listens, ms. */
  pingMs: 30_000,
  /** JSON: a body's own bounds and the frame around it. */
  json: { depthMax: 65, valuesMax: 100_016 },
  /** Of a reply: after 100,000 values no more of a batch is run, and one answer is no longer. */
  replyJson: { depthMax: 65, valuesMax: 200_016 },
  /** What a reply's frame has around it, bytes and values. */
  replyFrame: { bytes: 64, values: 4 },
} as const;

/** What a client says of who asked it. Printable ASCII; see {@link claimOf}. */
export interface ClaimsWire {
  readonly origin: string;
  readonly host: string;
  readonly userAgent: string;
  readonly remote: string;
}

/** Why a request wasn't served. With every one but `unknown` nothing was signed. */
export const clefqErrors = ["busy", "too_large", "bad_frame", "shutdown", "unknown"] as const;
export type ClefqError = (typeof clefqErrors)[number];

export type ClientFrame =
  | { readonly type: "hello"; readonly version: number; readonly client: string }
  | {
      readonly type: "req";
      readonly id: string;
      /** A request or a batch, as the caller wrote it. */
      readonly rpc: JsonValue;
      readonly claims: ClaimsWire;
    }
  | { readonly type: "cancel"; readonly id: string }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

export type SignerFrame =
  | {
      readonly type: "hello";
      readonly version: number;
      readonly qube: string;
      readonly profile: string;
      readonly max: number;
      readonly inflight: number;
    }
  /** It was taken up: from now on a retry under another id may sign twice. */
  | { readonly type: "ack"; readonly id: string }
  /** `rpc` is the reply's text, undefined if there is none: notifications only. */
  | { readonly type: "res"; readonly id: string; readonly rpc: string | undefined }
  | { readonly type: "err"; readonly id: string; readonly code: ClefqError }
  /** It takes no more requests here: they are answered `shutdown`. The client closes when it can. */
  | { readonly type: "bye" }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

/** A frame that is none. `id` is the request's, if it could still be read. */
export class FrameError extends Error {
  readonly id: string | undefined;
  constructor(message: string, id?: string) {
    super(message);
    this.id = id;
  }
}

/** Reads what a client says. @throws FrameError */
export function parseClientFrame(untrusted: JsonValue): ClientFrame {
  const frame = objectOf(untrusted);
  if (frame.has("clefq")) return parseClientHello(frame);
  switch (frame.get("type")) {
    case "req":
      return parseRequest(frame);
    case "cancel":
      closed(frame, ["type", "id"]);
      return { type: "cancel", id: idOf(frame) };
    case "ping":
    case "pong":
      return parseBeat(frame);
  }
  throw new FrameError("expected req, cancel, ping or pong as type");
}

/** Reads what the signer says. @throws FrameError */
export function parseSignerFrame(untrusted: JsonValue): SignerFrame {
  const frame = objectOf(untrusted);
  if (frame.has("clefq")) return parseSignerHello(frame);
  switch (frame.get("type")) {
    case "ack":
      closed(frame, ["type", "id", "state"]);
      return { type: "ack", id: idOf(frame) };
    case "res":
      return parseResponse(frame);
    case "bye":
      closed(frame, ["type"]);
      return { type: "bye" };
    case "ping":
    case "pong":
      return parseBeat(frame);
  }
  throw new FrameError("expected ack, res, bye, ping or pong as type");
}

/** Decodes a client's line, and its JSON without losing anything. @throws FrameError */
export function parseFrameBytes(untrustedLine: Uint8Array): JsonValue {
  return parseLine(untrustedLine, clefqLimits.json);
}

/** Decodes a signer's line, which may hold more. @throws FrameError */
export function parseReplyBytes(untrustedLine: Uint8Array): JsonValue {
  return parseLine(untrustedLine, clefqLimits.replyJson);
}

/** Whether a client takes a reply: a longer one would end its stream, and all that is open there. */
export function fitsReply(rpc: string): boolean {
  const { replyBytesMax, replyJson, replyFrame } = clefqLimits;
  const bytesMax = replyBytesMax - replyFrame.bytes;
  const valuesMax = replyJson.valuesMax - replyFrame.values;
  // A letter has at most three bytes.
  if (3 * rpc.length > bytesMax && new TextEncoder().encode(rpc).length > bytesMax) return false;
  // A value has at least a letter and what divides it from the next one.
  return rpc.length < 2 * valuesMax || countValues(rpc) <= valuesMax;
}

function parseLine(untrustedLine: Uint8Array, limits: JsonLimits): JsonValue {
  try {
    return parseJsonBytes(untrustedLine, limits);
  } catch (error) {
    if (error instanceof JsonError) throw new FrameError(error.message);
    throw error;
  }
}

/** A client's frame as a line. */
export function encodeClientFrame(frame: ClientFrame): string {
  switch (frame.type) {
    case "hello":
      return line({ clefq: frame.version, client: frame.client });
    case "req": {
      const { id, claims } = frame;
      const rpc = encodeJsonValue(frame.rpc);
      return `{"type":"req","id":${encodeJson(id)},"rpc":${rpc},"claims":${encodeJson(claims)}}\n`;
    }
    case "cancel":
    case "ping":
    case "pong":
      return line(frame);
  }
}

/** The signer's frame as a line. A reply's text has to be JSON. */
export function encodeSignerFrame(frame: SignerFrame): string {
  switch (frame.type) {
    case "hello": {
      const { type: _, version, ...rest } = frame;
      return line({ clefq: version, ...rest });
    }
    case "ack":
      return line({ ...frame, state: "pending" });
    case "res": {
      const rpc = frame.rpc === undefined ? "" : `,"rpc":${frame.rpc.trimEnd()}`;
      return `{"type":"res","id":${encodeJson(frame.id)}${rpc}}\n`;
    }
    case "err":
      return line({ type: "res", id: frame.id, err: { code: frame.code } });
    case "bye":
    case "ping":
    case "pong":
      return line(frame);
  }
}

/**
 * A stranger's text as a claim: what isn't printable ASCII, and the backslash, is escaped, so that
 * no two texts look alike; what is too long is cut and ends with `...`.
 */
export function claimOf(untrusted: string): string {
  const escaped = untrusted
    .slice(0, clefqLimits.claimCharsMax + 1)
    .replace(/[^ -[\]-~]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (escaped.length <= clefqLimits.claimCharsMax) return escaped;
  return `${escaped.slice(0, clefqLimits.claimCharsMax - 3)}...`;
}

function line(value: object): string {
  return `${encodeJson(value)}\n`;
}

function parseClientHello(frame: JsonObject): ClientFrame {
  closed(frame, ["clefq", "client"]);
  const client = frame.get("client");
  if (!isPrintable(client, clefqLimits.clientCharsMax)) {
    throw new FrameError(`expected client to be at most ${clefqLimits.clientCharsMax} letters`);
  }
  return { type: "hello", version: countOf(frame, "clefq"), client };
}

function parseSignerHello(frame: JsonObject): SignerFrame {
  const qube = frame.get("qube");
  const profile = frame.get("profile");
  if (typeof qube !== "string" || typeof profile !== "string") {
    throw new FrameError("expected a qube and a profile");
  }
  return {
    type: "hello",
    version: countOf(frame, "clefq"),
    qube,
    profile,
    max: countOf(frame, "max"),
    inflight: countOf(frame, "inflight"),
  };
}

function parseRequest(frame: JsonObject): ClientFrame {
  const id = idOf(frame);
  try {
    closed(frame, ["type", "id", "rpc", "claims"]);
    const rpc = frame.get("rpc");
    if (rpc === undefined) throw new FrameError("expected an rpc");
    return { type: "req", id, rpc, claims: parseClaims(frame.get("claims")) };
  } catch (error) {
    if (error instanceof FrameError) throw new FrameError(error.message, id);
    throw error;
  }
}

function parseClaims(untrusted: JsonValue | undefined): ClaimsWire {
  const claims = objectOf(untrusted);
  closed(claims, ["origin", "host", "userAgent", "remote"]);
  const claim = (name: string): string => {
    const text = claims.get(name);
    if (isPrintable(text, clefqLimits.claimCharsMax)) return text;
    throw new FrameError(
      `expected ${name} to be at most ${clefqLimits.claimCharsMax} printable ASCII letters`,
    );
  };
  return {
    origin: claim("origin"),
    host: claim("host"),
    userAgent: claim("userAgent"),
    remote: claim("remote"),
  };
}

function parseResponse(frame: JsonObject): SignerFrame {
  const id = idOf(frame);
  const untrustedError = frame.get("err");
  if (untrustedError === undefined) {
    closed(frame, ["type", "id", "rpc"]);
    const rpc = frame.get("rpc");
    return { type: "res", id, rpc: rpc === undefined ? undefined : encodeJsonValue(rpc) };
  }
  const code = clefqErrors.find((known) => known === objectOf(untrustedError).get("code"));
  // A newer signer may have more reasons; with an unknown one nothing is known.
  return { type: "err", id, code: code ?? "unknown" };
}

function parseBeat(frame: JsonObject): { readonly type: "ping" | "pong" } {
  closed(frame, ["type"]);
  return { type: frame.get("type") === "ping" ? "ping" : "pong" };
}

function objectOf(untrusted: JsonValue | undefined): JsonObject {
  if (isObject(untrusted)) return untrusted;
  throw new FrameError("expected an object");
}

/** 128 random bits in hex: nobody guesses another's, and they don't repeat. */
function idOf(frame: JsonObject): string {
  const id = frame.get("id");
  if (typeof id === "string" && /^[0-9a-f]{32}$/.test(id)) return id;
  throw new FrameError("expected an id of 32 hex digits");
}

function countOf(frame: JsonObject, name: string): number {
  const count = frame.get(name);
  if (count instanceof JsonNumber && /^\d{1,9}$/.test(count.text)) return Number(count.text);
  throw new FrameError(`expected ${name} to be a whole number`);
}

function closed(frame: JsonObject, names: readonly string[]): void {
  for (const name of frame.keys()) {
    if (!names.includes(name)) throw new FrameError("unknown field");
  }
}

function isPrintable(text: JsonValue | undefined, charsMax: number): text is string {
  return typeof text === "string" && text.length <= charsMax && /^[ -~]*$/.test(text);
}
