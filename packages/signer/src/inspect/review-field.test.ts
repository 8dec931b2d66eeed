import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { chunked } from "./review-field.ts";

const { shownCharsMax } = limits;

test.each([
  ["", [""]],
  ["x".repeat(shownCharsMax), ["x".repeat(shownCharsMax)]],
  ["x".repeat(shownCharsMax + 1), ["x".repeat(shownCharsMax), "x"]],
  [`${"x".repeat(shownCharsMax - 1)}😀y`, ["x".repeat(shownCharsMax - 1), "😀y"]],
])("chunked() makes fields of %j that nobody cuts", (text, values) => {
  const fields = chunked("a", text);
  expect(fields.map(({ value }) => value)).toEqual(values);
  expect(fields.map(({ label }) => label)).toEqual(["a", ...values.slice(1).map(() => "")]);
});

test("chunked() leaves nothing out, and no character in halves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1000, maxLength: 4000 }), (text) => {
      const values = chunked("a", text).map(({ value }) => value);
      expect(values.join("")).toBe(text);
      expect(values.flatMap((value) => [...value])).toEqual([...text]);
      expect(Math.max(...values.map(({ length }) => length))).toBeLessThanOrEqual(shownCharsMax);
    }),
  );
});
