import { expect, test } from "vitest";
import { overweight } from "./overweight.ts";

const half = 1_000;
const holders = (...weights: number[]) => weights.map((held) => ({ held }));

test("overweight() lets all stay while they hold no more than they may", () => {
  expect(overweight([], 2 * half)).toBeUndefined();
  expect(overweight(holders(half, half, 0), 2 * half)).toBeUndefined();
});

test("overweight() names the one that holds most, and not who came last", () => {
  const [light, heavy, last] = [{ held: 1 }, { held: half + 1 }, { held: half }] as const;
  expect(overweight([light, heavy, last], 2 * half)).toBe(heavy);
});
