import { isArray, JsonError, type JsonValue, parseJsonBytes } from "@cleft/protocol/json.ts";
import { rpcCode } from "@cleft/protocol/rpc.ts";
import { errorReply, idsOf } from "../domain/envelope.ts";
import { limits } from "../domain/limits.ts";

/** What a body is: something to carry, or answered here. No text at all is no request at all. */
export type Parsed =
  | { readonly kind: "rpc"; readonly rpc: JsonValue }
  | { readonly kind: "answered"; readonly reply: string };

/** The answer to a body that is no JSON, or too long to be read: as Clef's, without a newline. */
export const parseErrorReply: string = errorReply("null", {
  code: rpcCode.parse,
  message: "parse error",
});

const emptyBatch = { code: rpcCode.invalidRequest, message: "empty batch" };
const longBatch = { code: rpcCode.invalidRequest, message: "batch too large" };

/**
 * Takes a body apart, within the signer's own bounds. A signer that serves qubes takes shorter batches
 * than one over HTTP, and says so itself, under the request's id.
 */
export function parseBody(untrustedBody: Uint8Array): Parsed {
  if (untrustedBody.every((byte) => blank.has(byte))) return { kind: "answered", reply: "" };
  try {
    const rpc = parseJsonBytes(untrustedBody, limits.json);
    if (!isArray(rpc)) return { kind: "rpc", rpc };
    if (rpc.length === 0) return { kind: "answered", reply: errorReply("null", emptyBatch) };
    if (rpc.length <= limits.batchMax) return { kind: "rpc", rpc };
    // One error for all, as in Clef.
    const [id = "null"] = idsOf(rpc);
    return { kind: "answered", reply: `[${errorReply(id, longBatch)}]` };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { kind: "answered", reply: refusal(error) };
  }
}

const blank = new Set([0x20, 0x09, 0x0a, 0x0d]);

function refusal({ fault, message }: JsonError): string {
  if (fault === "syntax") return parseErrorReply;
  return errorReply("null", { code: rpcCode.parse, message });
}
