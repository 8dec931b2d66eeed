import { expect, test } from "vitest";
import { counted, spokenMoment, spokenTime } from "./spoken.ts";

test.each([
  [0, "0 s"],
  [-5, "0 s"],
  [1999, "1 s"],
  [90_000, "1 min 30 s"],
  [900_000, "15 min"],
  [3_600_000, "1 h"],
  [7_500_999, "2 h 5 min"],
  [86_400_000, "1 d"],
  [90_061_000, "1 d 1 h"],
])("spokenTime() says %i ms as %s", (ms, text) => {
  expect(spokenTime(ms)).toBe(text);
});

test("counted() has a plural for all but one", () => {
  expect([0, 1, 2].map((count) => counted(count, "account"))).toEqual([
    ...["0 accounts", "1 account", "2 accounts"],
  ]);
});

test("spokenMoment() drops what nobody reads, and takes nothing else apart", () => {
  expect(spokenMoment("2026-11-25T14:52:03.123Z")).toBe("2026-11-25 14:52:03Z");
  expect(spokenMoment("yesterday")).toBe("yesterday");
});
