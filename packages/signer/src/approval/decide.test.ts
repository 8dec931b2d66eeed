import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, callerWith, FakeClock, failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { type Approved, type Asked, decide, questionDigest, redeem } from "./decide.ts";

const now = new FakeClock().now();
const asked: Asked = {
  requestId: "r1",
  account: addressOf("a"),
  kind: "fee-market",
  preimage: "0x02c0",
  digest: "0xd1",
  shown: "0xd1",
  generation: 7,
};
const yes = { digest: "0xd1", decision: "person" } as const;
const question = {
  preimage: "0x02c0",
  account: addressOf("a"),
  caller: callerWith({ origin: "https://dapp.example" }),
  review: {
    headline: "Send 1 ETH",
    findings: [{ severity: "info", message: "m", source: "cleft" }],
    fields: [{ label: "to", value: "v", claim: false }],
    details: [],
    data: "0x",
    confirmation: { text: "aAaA", at: "from" },
  },
} as const;

describe("decide()", () => {
  test("decide() carries exactly what was asked, and who said yes", () => {
    const { shown: _shown, ...carried } = asked;
    expect(decide(asked, { ...yes, decision: "program" }, { now })).toEqual({
      ...carried,
      decision: "program",
      expiresAt: now + limits.approvedMs,
    });
  });

  test("decide() makes an approval that can't be changed", () => {
    const approved = decide(asked, yes, { now });
    expect(Object.isFrozen(approved)).toBe(true);
    expect(Reflect.set(approved, "preimage", "0x00")).toBe(false);
    expect(approved.preimage).toBe(asked.preimage);
  });

  test("decide() refuses an answer to another question than the one that was shown", () => {
    const refused = expect.objectContaining(failure("window.answer", "another question"));
    expect(() => decide(asked, { ...yes, digest: "0xd2" }, { now })).toThrow(refused);
    expect(() => decide({ ...asked, shown: "0xd2" }, yes, { now })).toThrow(refused);
  });

  test("decide() takes the answer to the question that a window amended", () => {
    const amended = { ...asked, preimage: "0x02c1", digest: "0xd2" } as const;
    expect(decide(amended, yes, { now })).toMatchObject({ preimage: "0x02c1", digest: "0xd2" });
  });
});

describe("redeem()", () => {
  const current = { now, generation: asked.generation };

  test("redeem() takes an approval up to its last millisecond", () => {
    const approved = decide(asked, yes, { now });
    expect(() => redeem(approved, { ...current, now: approved.expiresAt })).not.toThrow();
  });

  test("redeem() refuses an approval the second time", () => {
    const approved = decide(asked, yes, { now });
    redeem(approved, current);
    expect(() => redeem(approved, current)).toThrow(/only once/);
  });

  test.each([
    ["a copy", (approved: Approved): Approved => ({ ...approved })],
    ["one that nobody decided", () => ({ ...asked, decision: "person", expiresAt: now }) as never],
    ["a proxy", (approved: Approved) => new Proxy(approved, {})],
  ])("redeem() refuses %s, as a bug", (_, forge) => {
    const forged = forge(decide(asked, yes, { now }));
    expect(() => redeem(forged, current)).toThrow(
      expect.objectContaining({ code: "ERR_ASSERTION" }),
    );
  });

  test.each([
    ["too late", { ...current, now: now + limits.approvedMs + 1 }],
    ["under a newer policy", { ...current, generation: 8 }],
    ["under an older policy", { ...current, generation: 6 }],
  ])("redeem() refuses an approval %s, and it stays used up", (_, when) => {
    const approved = decide(asked, yes, { now });
    expect(() => redeem(approved, when)).toThrow(
      expect.objectContaining(failure("request.expired")),
    );
    expect(() => redeem(approved, current)).toThrow(/only once/);
  });
});

describe("questionDigest()", () => {
  const changes: readonly [string, Partial<Parameters<typeof questionDigest>[0]>][] = [
    ["what is signed", { preimage: "0x02c1" }],
    ["the account", { account: addressOf("b") }],
    ["a claim of the caller", { caller: callerWith({ origin: "https://evil.example" }) }],
    ["a shown field", { review: { ...question.review, fields: [] } }],
    ["a finding", { review: { ...question.review, findings: [] } }],
    ["the headline", { review: { ...question.review, headline: "Send 2 ETH" } }],
  ];

  test.each(changes)("questionDigest() differs with %s", (_, change) => {
    expect(questionDigest({ ...question, ...change })).not.toBe(questionDigest(question));
  });

  test("questionDigest() is 32 bytes and the same for an equal question", () => {
    expect(questionDigest(question)).toMatch(/^0x[0-9a-f]{64}$/);
    expect(questionDigest(structuredClone(question))).toBe(questionDigest(question));
  });

  test("questionDigest() keeps neighbouring texts apart, whatever is in them", () => {
    const of = (origin: string, userAgent: string) =>
      questionDigest({ ...question, caller: callerWith({ origin, userAgent }) });
    const pair = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(pair, pair, (one, other) => {
        fc.pre(one[0] !== other[0] || one[1] !== other[1]);
        expect(of(...one)).not.toBe(of(...other));
      }),
    );
  });
});
