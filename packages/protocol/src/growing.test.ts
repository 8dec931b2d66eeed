import fc from "fast-check";
import { expect, test } from "vitest";
import { GrowingBytes } from "./growing.ts";

test("GrowingBytes gives back what was pushed, in order, and owns it", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      const growing = new GrowingBytes();
      const whole = pieces.flatMap((piece) => [...piece]);
      for (const piece of pieces) growing.push(piece);
      for (const piece of pieces) piece.fill(0);
      expect(growing.length).toBe(whole.length);
      expect([...growing.take()]).toEqual(whole);
      expect([growing.length, growing.capacity]).toEqual([0, 0]);
    }),
  );
});

test("GrowingBytes costs at most twice its length, byte by byte", () => {
  const growing = new GrowingBytes();
  for (let at = 0; at < 100_000; at++) growing.push(Uint8Array.of(at));
  expect(growing.capacity).toBeLessThanOrEqual(2 * growing.length);
});
