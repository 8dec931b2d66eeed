import { describe, expect, it } from "vitest";
import { type CallerRule, openRule } from "../domain/caller-rule.ts";
import { addressOf } from "../domain/fakes.ts";
import { ruleOf, sees } from "./caller-rules.ts";

const strict: CallerRule = { ...openRule, accounts: new Set([addressOf("1")]) };
const defi: CallerRule = { ...openRule, decision: "deny" };
const rest: CallerRule = { ...openRule, accounts: new Set() };

describe("ruleOf()", () => {
  const rules = new Map([
    ["work", strict],
    ["work+defi", defi],
    ["*", rest],
  ]);

  it.each([
    ["work", "", strict],
    ["work", "defi", defi],
    ["personal", "", rest],
    ["personal", "defi", undefined],
    ["work", "other", undefined],
  ])("%s with profile %j", (qube, profile, expected) => {
    expect(ruleOf({ qube, profile }, rules)).toBe(expected);
  });

  it("without a single rule asks about every qube, and lets no profile in", () => {
    expect(ruleOf({ qube: "work", profile: "" }, new Map())).toBe(openRule);
    expect(ruleOf({ qube: "work", profile: "defi" }, new Map())).toBeUndefined();
  });
});

describe("sees()", () => {
  it("is true for what is listed, and for all where nothing is", () => {
    expect(sees(openRule, addressOf("2"))).toBe(true);
    expect(sees(strict, addressOf("1"))).toBe(true);
    expect(sees(strict, addressOf("2"))).toBe(false);
    expect(sees(rest, addressOf("1"))).toBe(false);
  });
});
