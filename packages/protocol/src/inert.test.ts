import fc from "fast-check";
import { expect, test } from "vitest";
import { inert } from "./inert.ts";

const unicode = { charsMax: 100, ascii: false };
const ascii = { charsMax: 100, ascii: true };

test.each([
  ["line feed", "\n"],
  ["carriage return", "\r"],
  ["escape", "\u001b"],
  ["C1 control sequence introducer", "\u009b"],
  ["next line", "\u0085"],
  ["delete", "\u007f"],
  ["line separator", "\u2028"],
  ["paragraph separator", "\u2029"],
  ["right-to-left override", "\u202e"],
  ["isolate", "\u2066"],
  ["Arabic letter mark", "\u061c"],
  ["zero-width space", "\u200b"],
  ["zero-width joiner", "\u200d"],
  ["soft hyphen", "\u00ad"],
  ["byte order mark", "\ufeff"],
  ["no-break space", "\u00a0"],
  ["ideographic space", "\u3000"],
  ["Hangul filler", "\u3164"],
  ["empty braille pattern", "\u2800"],
  ["combining grapheme joiner", "\u034f"],
  ["variation selector", "\ufe0f"],
  ["tag letter", "\u{e0041}"],
  ["lone surrogate", "\ud800"],
  ["private use", "\ue000"],
  ["unassigned", "\u0378"],
])("inert() shows a %s as a mark", (_name, char) => {
  const number = char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  expect(inert(`a${char}b`, unicode)).toBe(`a⟨U+${number}⟩b`);
  expect(inert(`a${char}b`, ascii)).toBe(`a<U+${number}>b`);
});

test.each(["Send 1.5 ETH", "0xdEaD", '~ !"\\<>', "für Zoë", "日本語", "😀", "e\u0301"])(
  "inert() leaves %j as it is where Unicode can be drawn",
  (text) => {
    expect(inert(text, unicode)).toBe(text);
  },
);

test("inert() marks everything beyond ASCII where only ASCII can be drawn", () => {
  expect(inert("pаypal é😀~", ascii)).toBe("p<U+0430>ypal <U+00E9><U+1F600>~");
});

test("inert() lets two combining marks pass and shows the third and later ones", () => {
  expect(inert("e\u0301\u0302\u0303\u0304x\u0301", unicode)).toBe(
    "e\u0301\u0302⟨U+0303⟩⟨U+0304⟩x\u0301",
  );
});

test("inert() marks a combining mark that would alter the text before the field", () => {
  expect(inert("\u0338x", unicode)).toBe("⟨U+0338⟩x");
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "abc... (1 characters cut)"],
  ["😀😀😀", 2, "😀😀... (1 characters cut)"],
  ["", 3, ""],
])("inert() cuts %j to %i characters, never inside one", (text, charsMax, shown) => {
  expect(inert(text, { charsMax, ascii: false })).toBe(shown);
});

test("inert() takes a huge text", () => {
  expect(inert("\u202e".repeat(300_000), { charsMax: 1, ascii: true })).toBe(
    "<U+202E>... (299999 characters cut)",
  );
});

test("inert() leaves nothing but printable ASCII in an ASCII field", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(inert(text, ascii)).toMatch(/^[ -~]*$/);
    }),
  );
});

test("inert() leaves no control, format or line-breaking character in a Unicode field", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(inert(text, unicode)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});
