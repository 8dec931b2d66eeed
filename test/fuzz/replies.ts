import { expect } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";

/** What a caller may be told; `internal` would be a bug. */
const codes = new Set([-32700, -32600, -32601, -32602, -32000, -32003, -32005]);

/**
 * Checks the text of an answer with status 200: a reply for each request with an id, none of a bug.
 * Says of what kind it is.
 */
export function checkReply(text: string, body: Buffer): string {
  const sent = parsed(body);
  const ids = idsOf(sent);
  if (text === "") {
    expect(ids).toEqual([]);
    return "nothing";
  }
  const whole: unknown = JSON.parse(text);
  const replies = Array.isArray(whole) ? whole : [whole];
  for (const { jsonrpc, id, error, ...rest } of replies) {
    expect(jsonrpc).toBe("2.0");
    expect(id).not.toBeUndefined();
    expect(error !== undefined).not.toBe("result" in rest);
    if (error === undefined) continue;
    expect(codes).toContain(error.code);
    expect(error.message).not.toMatch(/^internal error/);
  }
  // A body that is no JSON to us, or a batch that is too long, has one reply.
  const isServed = Array.isArray(whole) && Array.isArray(sent) && sent.length <= limits.batchMax;
  if (!isServed) return outcomeOf(whole);
  const answered = replies.map(({ id }) => id);
  expect(ids.filter((id) => !answered.includes(id))).toEqual([]);
  expect(replies.length).toBeGreaterThanOrEqual(ids.length);
  return "batch";
}

function outcomeOf(reply: unknown): string {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return "result";
  const { error } = reply;
  return typeof error === "object" && error !== null && "code" in error ? `${error.code}` : "";
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The ids of the requests that certainly want an answer. */
function idsOf(sent: unknown): unknown[] {
  const items: unknown[] = Array.isArray(sent) ? sent : [sent];
  return items.flatMap((item) => {
    if (typeof item !== "object" || item === null || !("id" in item)) return [];
    const isRequest = "method" in item && typeof item.method === "string";
    const isShort = typeof item.id === "number" && Number.isSafeInteger(item.id);
    return isRequest && isShort ? [item.id] : [];
  });
}
