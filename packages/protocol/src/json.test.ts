import fc from "fast-check";
import { expect, test } from "vitest";
import {
  encodeJson,
  encodeJsonValue,
  isArray,
  isObject,
  JsonError,
  JsonNumber,
  type JsonValue,
  parseJson,
  parseJsonBytes,
} from "./json.ts";

const parse = (text: string) => parseJson(text, { depthMax: 64, valuesMax: 100_000 });

/** The same as `JSON.parse` makes of it. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]));
  return value;
}

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof JsonError ? error.fault : `${error}`;
  }
  return "accepted";
}

test("parseJson() agrees with JSON.parse on every valid text", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }),
      fc.constantFrom(undefined, 1, "\t"),
      (value, gap) => {
        const text = JSON.stringify(value, undefined, gap);
        expect(plain(parse(text))).toEqual(JSON.parse(text));
      },
    ),
  );
});

test("parseJson() accepts a damaged text only if JSON.parse does, and then agrees", () => {
  const damage = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\ue-+.01 \n\u0001tfn'));
  fc.assert(
    fc.property(damage, fc.boolean(), ([text, place, mark], replace) => {
      const at = place % (text.length + 1);
      const damaged = text.slice(0, at) + mark + text.slice(at + (replace ? 1 : 0));
      const fault = faultOf(() => parse(damaged));
      if (fault === "duplicate") return;
      expect(fault).toBe(faultOf(() => JSON.parse(damaged)) === "accepted" ? "accepted" : "syntax");
      if (fault === "accepted") expect(plain(parse(damaged))).toEqual(JSON.parse(damaged));
    }),
    { numRuns: 1000 },
  );
});

test.each(["9007199254740993", "1e400", "-0", "0.1000", "-1.5E+07", "1".repeat(100)])(
  "parseJson() keeps the number %s as it was written",
  (text) => {
    expect(parse(text)).toEqual(new JsonNumber(text));
    expect(encodeJsonValue(parse(`[${text}]`))).toBe(`[${text}]`);
  },
);

test.each([
  ...['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '{"\\u005f_proto__":1,"__proto__":2}'],
  ...['[{"x":{"b":1,"c":0,"b":2}}]', '{"":1,"":2}', '{"\\/":1,"/":2}', '{"é":1,"\\u00E9":2}'],
])("parseJson() refuses twin keys in %s", (text) => {
  expect(faultOf(() => parse(text))).toBe("duplicate");
});

test("parseJson() keeps keys that differ in case or in Unicode form apart", () => {
  expect(plain(parse('{"a":1,"A":2,"\\u00e9":3,"e\\u0301":4}'))).toEqual({
    a: 1,
    A: 2,
    é: 3,
    "e\u0301": 4,
  });
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "parseJson() treats %s like every other key",
  (key) => {
    const value = parse(`{"${key}":{"approved":true}}`);
    expect(value instanceof Map && [...value.keys()]).toEqual([key]);
    expect(isObject(value) && value.get("approved")).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, "approved")).toBe(false);
  },
);

test.each([
  ...[
    "",
    " ",
    "01",
    "+1",
    "1.",
    ".5",
    "1e",
    "0x10",
    "NaN",
    "Infinity",
    "-",
    "1_000",
    "tru",
    "True",
  ],
  ...["[1,]", "[,1]", "[1 2]", '{"a":1,}', "{,}", "{a:1}", "{'a':1}", '{"a"}', '{"a":}', "[1]]"],
  ...["[", "{", '{"a":1', '"a', '"\\x41"', '"\\u12G4"', '"\\u 123"', '"a\nb"', '"\u0000"', '"\\'],
  ...["\ufeff1", "\u00a01", "1\u2028", "/**/1", "1 1", "undefined", "\u0661"],
])("parseJson() refuses %j as JSON.parse does", (text) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(faultOf(() => parse(text))).toBe("syntax");
});

test("parseJson() counts nesting up to the limit and refuses one level more", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(faultOf(() => parse(nested(64)))).toBe("accepted");
  expect(faultOf(() => parse(nested(65)))).toBe("depth");
  expect(faultOf(() => parse('{"a":'.repeat(65)))).toBe("depth");
  expect(faultOf(() => parse("[".repeat(1_000_000)))).toBe("depth");
  expect(faultOf(() => parse(`[${"[],".repeat(1000)}[]]`))).toBe("accepted");
});

test("parseJson() keeps lone surrogates and takes a text of millions of characters", () => {
  expect(parse('"\\ud83d\\ude00"')).toBe("😀");
  expect(parse('"\\udc00\\ud800"')).toBe("\udc00\ud800");
  const long = "ab".repeat(2_000_000);
  expect(parse(`["${long}"]`)).toEqual([long]);
  expect(parse(`"${"\\n".repeat(500_000)}"`)).toBe("\n".repeat(500_000));
});

test.each([
  ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22]],
  ["a surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ["a cut character", [0x22, 0xe2, 0x82, 0x22]],
  ["a character beyond Unicode", [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
])("parseJsonBytes() refuses %s", (_name, bytes) => {
  expect(
    faultOf(() => parseJsonBytes(Uint8Array.from(bytes), { depthMax: 1, valuesMax: 100_000 })),
  ).toBe("utf8");
});

test("parseJsonBytes() refuses a byte order mark", () => {
  const marked = Uint8Array.from([0xef, 0xbb, 0xbf, 0x31]);
  expect(faultOf(() => parseJsonBytes(marked, { depthMax: 1, valuesMax: 100_000 }))).toBe("syntax");
});

test("encodeJson() escapes what Go escapes and nothing else", () => {
  expect(encodeJson({ "<": "a&b>\u2028\u2029é/" })).toBe(
    '{"\\u003c":"a\\u0026b\\u003e\\u2028\\u2029é/"}',
  );
  expect(encodeJson("\ud800")).toBe('"\\ud800"');
});

test("encodeJsonValue() writes back what parseJson() read", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const value = parse(text);
      expect(parse(encodeJsonValue(value))).toEqual(value);
    }),
  );
});
