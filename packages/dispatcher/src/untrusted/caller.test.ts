import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { parseClientFrame, parseFrameBytes } from "@cleft/protocol/clefq/parse.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { claimsOf } from "./caller.ts";

const socket = { remoteAddress: "127.0.0.1", remotePort: 4711 };
const id = "0".repeat(32);

test("claimsOf() makes claims of any headers that the signer takes, and of nothing else", () => {
  const anyText = fc.option(fc.string({ unit: "binary", maxLength: 600 }), { nil: undefined });
  const anyHeaders = fc.record({
    origin: anyText,
    host: anyText,
    "user-agent": anyText,
    "x-forwarded-for": fc.constant("6.6.6.6"),
    forwarded: fc.constant("for=6.6.6.6"),
    "x-real-ip": fc.constant("6.6.6.6"),
  });
  fc.assert(
    fc.property(anyHeaders, (headers) => {
      const claims = claimsOf({ headers: { ...headers }, socket });
      const line = encodeClientFrame({ type: "req", id, rpc: null, claims });
      expect(parseClientFrame(parseFrameBytes(Buffer.from(line)))).toMatchObject({ claims });
      expect(claims.remote).toBe("127.0.0.1:4711");
      expect(Object.keys(claims)).toEqual(["origin", "host", "userAgent", "remote"]);
    }),
  );
});

test("claimsOf() tells plain headers as they are", () => {
  const headers = {
    origin: "https://a.example",
    host: "localhost:8550",
    "user-agent": "curl/8.5.0",
  };
  expect(claimsOf({ headers, socket })).toEqual({
    origin: "https://a.example",
    host: "localhost:8550",
    userAgent: "curl/8.5.0",
    remote: "127.0.0.1:4711",
  });
});
