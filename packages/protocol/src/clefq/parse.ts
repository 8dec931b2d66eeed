import {
  encodeJsonValue,
  isObject,
  JsonError,
  type JsonLimits,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJsonBytes,
} from "../json.ts";
import type { ClaimsWire } from "./claims.ts";
import { type ClientFrame, clefqErrors, FrameError, type SignerFrame } from "./frames.ts";
import { clefqLimits } from "./limits.ts";

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

function parseLine(untrustedLine: Uint8Array, limits: JsonLimits): JsonValue {
  try {
    return parseJsonBytes(untrustedLine, limits);
  } catch (error) {
    if (error instanceof JsonError) throw new FrameError(error.message);
    throw error;
  }
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
