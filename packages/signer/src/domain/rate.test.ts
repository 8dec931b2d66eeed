import { describe, expect, it } from "vitest";
import { formatRate, parseRate } from "./rate.ts";

describe("parseRate()", () => {
  it.each([
    ["60/h", { count: 60, perMs: 3_600_000 }],
    ["1/s", { count: 1, perMs: 1_000 }],
    ["10000/d", { count: 10_000, perMs: 86_400_000 }],
    ["5/m", { count: 5, perMs: 60_000 }],
  ])("reads %s, and formatRate() writes it", (text, rate) => {
    expect(parseRate(text)).toEqual(rate);
    expect(formatRate(rate)).toBe(text);
  });

  it.each([
    "",
    "60",
    "60/",
    "0/h",
    "-1/h",
    "1.5/h",
    "10001/h",
    "60/w",
    "60/hour",
    " 60/h",
    "060/h",
  ])("refuses %j", (text) => expect(parseRate(text)).toBeUndefined());
});
