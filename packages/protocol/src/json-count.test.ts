import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeJsonValue, isArray, isObject, type JsonValue, parseJson } from "./json.ts";
import { countValues } from "./json-count.ts";

const limits = { depthMax: 64, valuesMax: 100_000 };

function countOf(value: JsonValue): number {
  const inner = isArray(value) ? value : isObject(value) ? [...value.values()] : [];
  return 1 + inner.reduce((sum: number, item) => sum + countOf(item), 0);
}

test("countValues() counts what a parser counts, however it is spaced", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 1, "\t"), (text, space) => {
      const spaced = JSON.stringify(JSON.parse(text), null, space);
      const value = parseJson(spaced, limits);
      expect(countValues(spaced)).toBe(countOf(value));
      expect(countValues(encodeJsonValue(value))).toBe(countOf(value));
    }),
  );
});

test.each([
  ["1", 1],
  ["[]", 1],
  ["{ }", 1],
  ["[[],{}]", 3],
  ['{"a,[":"]\\",{"}', 2],
  ['["\\\\",1]', 3],
])("countValues() of %s is %i", (text, count) => {
  expect(countValues(text)).toBe(count);
});
