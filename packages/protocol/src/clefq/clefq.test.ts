import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeJsonValue, type JsonValue, parseJson } from "../json.ts";
import { claimOf } from "./claims.ts";
import { encodeClientFrame, encodeSignerFrame } from "./encode.ts";
import { type ClientFrame, clefqErrors, FrameError, type SignerFrame } from "./frames.ts";
import { clefqLimits } from "./limits.ts";
import { parseClientFrame, parseFrameBytes, parseSignerFrame } from "./parse.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const client = (text: string) => parseClientFrame(parseFrameBytes(bytes(text)));
const signer = (text: string) => parseSignerFrame(parseFrameBytes(bytes(text)));
const id = "0123456789abcdef0123456789abcdef";
const claims = {
  origin: "https://a.example",
  host: "localhost:8550",
  userAgent: "curl",
  remote: "",
};

const anyId = fc.stringMatching(/^[0-9a-f]{32}$/);
const anyText = fc.string({ unit: "binary", maxLength: 400 });
const anyRpc: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => parseJson(JSON.stringify(value), clefqLimits.json));

describe("client frames", () => {
  const anyFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
    fc.record({
      type: fc.constant("hello" as const),
      version: fc.nat(99),
      client: fc.constant("a/1.0"),
    }),
    fc.record({
      type: fc.constant("req" as const),
      id: anyId,
      rpc: anyRpc,
      claims: fc.record({
        origin: anyText.map(claimOf),
        host: anyText.map(claimOf),
        userAgent: anyText.map(claimOf),
        remote: anyText.map(claimOf),
      }),
    }),
    fc.record({ type: fc.constant("cancel" as const), id: anyId }),
    fc.constantFrom({ type: "ping" as const }, { type: "pong" as const }),
  );

  it("parseClientFrame() reads what encodeClientFrame() wrote, on one line", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const text = encodeClientFrame(frame);
        expect(text.indexOf("\n")).toBe(text.length - 1);
        expect(client(text)).toEqual(frame);
      }),
    );
  });

  it("keeps numbers as they were written", () => {
    const rpc = '{"value":9007199254740993,"x":1.50}';
    const frame = client(
      `{"type":"req","id":"${id}","rpc":${rpc},"claims":${JSON.stringify(claims)}}`,
    );
    expect(frame.type === "req" && encodeJsonValue(frame.rpc)).toBe(rpc);
  });

  it.each([
    ["[]", undefined],
    ['"req"', undefined],
    ["{}", undefined],
    ['{"type":"res"}', undefined],
    ['{"type":"ping","qube":"personal"}', undefined],
    ['{"clefq":1,"client":"x","qube":"personal"}', undefined],
    ['{"clefq":"1","client":"x"}', undefined],
    ['{"clefq":1,"client":"\\u0007"}', undefined],
    ['{"type":"cancel","id":"1"}', undefined],
    [`{"type":"cancel","id":"${id.toUpperCase()}"}`, undefined],
    [`{"type":"req","id":"${id}","rpc":{}}`, id],
    [`{"type":"req","id":"${id}","claims":${JSON.stringify(claims)}}`, id],
    [`{"type":"req","id":"${id}","rpc":{},"claims":{"origin":""}}`, id],
    [
      `{"type":"req","id":"${id}","rpc":{},"claims":${JSON.stringify({ ...claims, qube: "personal" })}}`,
      id,
    ],
    [
      `{"type":"req","id":"${id}","rpc":{},"claims":${JSON.stringify({ ...claims, origin: "\u202e" })}}`,
      id,
    ],
    [
      `{"type":"req","id":"${id}","rpc":{},"claims":${JSON.stringify({ ...claims, host: "a".repeat(257) })}}`,
      id,
    ],
    [`{"type":"ping","type":"ping"}`, undefined],
    ["{", undefined],
    ["\u00ff", undefined],
  ])("refuses %s", (text, about) => {
    const refused = (() => {
      try {
        return client(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(FrameError);
    expect(refused).toMatchObject({ id: about });
  });
});

describe("the signer's frames", () => {
  const anyFrame: fc.Arbitrary<SignerFrame> = fc.oneof(
    fc.record({
      type: fc.constant("hello" as const),
      version: fc.nat(99),
      qube: fc.constantFrom("work", "disp1234"),
      profile: fc.constantFrom("", "defi"),
      max: fc.nat(99_999_999),
      inflight: fc.nat(99),
    }),
    fc.record({ type: fc.constant("ack" as const), id: anyId }),
    fc.record({
      type: fc.constant("res" as const),
      id: anyId,
      rpc: fc.option(anyRpc.map(encodeJsonValue), { nil: undefined }),
    }),
    fc.record({
      type: fc.constant("err" as const),
      id: anyId,
      code: fc.constantFrom(...clefqErrors),
    }),
    fc.constantFrom({ type: "bye" as const }, { type: "ping" as const }, { type: "pong" as const }),
  );

  it("parseSignerFrame() reads what encodeSignerFrame() wrote, on one line", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const text = encodeSignerFrame(frame);
        expect(text.indexOf("\n")).toBe(text.length - 1);
        expect(signer(text)).toEqual(frame);
      }),
    );
  });

  it("encodeSignerFrame() puts a reply that ends with a newline on the same line", () => {
    expect(encodeSignerFrame({ type: "res", id, rpc: '{"a":1}\n' })).toBe(
      `{"type":"res","id":"${id}","rpc":{"a":1}}\n`,
    );
  });

  it("parseSignerFrame() knows nothing of a reason that is new to it", () => {
    expect(signer(`{"type":"res","id":"${id}","err":{"code":"moon"}}`)).toEqual({
      type: "err",
      id,
      code: "unknown",
    });
  });
});

describe("claimOf()", () => {
  it("gives printable ASCII of bounded length for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1000 }), (text) => {
        expect(claimOf(text)).toMatch(/^[ -~]{0,256}$/);
      }),
    );
  });

  it("gives two short texts two claims", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 30 }),
        fc.string({ unit: "binary", maxLength: 30 }),
        (one, other) => {
          expect(claimOf(one) === claimOf(other)).toBe(one === other);
        },
      ),
    );
  });

  it("shows what would hide or turn something", () => {
    expect(claimOf("https://a.example\u202e")).toBe("https://a.example\\u202e");
    expect(claimOf("\\u202e")).toBe("\\u005cu202e");
  });
});
