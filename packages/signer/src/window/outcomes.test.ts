import { expect, test } from "vitest";
import type { About } from "../approval/window.ts";
import { sayOutcome } from "./outcomes.ts";

const failed = {
  kind: "failed",
  code: "ledger.unwritable",
  text: "no space",
  agreed: true,
} as const;

test.each<[About, string]>([
  ["transaction", "Not signed"],
  ["data", "Not signed"],
  ["listing", "Not told"],
  ["account", "Not made"],
])("sayOutcome() says what became of a yes to a %s", (about, said) => {
  expect(sayOutcome({ ...failed, about })).toEqual({ said, text: "no space" });
});

test("sayOutcome() names a wrong password, and not what it failed to open", () => {
  const wrong = {
    ...failed,
    about: "data",
    code: "password.wrong",
    text: "could not decrypt",
  } as const;
  expect(sayOutcome(wrong)).toEqual({ said: "Not signed", text: "wrong password" });
});

test("sayOutcome() says nothing of a no, which the person has just given", () => {
  expect(sayOutcome({ ...failed, about: "data", agreed: false })).toBeUndefined();
});
