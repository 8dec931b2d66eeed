import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileTexts } from "./fakes.ts";
import { columnsOf, cutAtWord, rowLines, wrapped } from "./layout.ts";

const medium = { columns: 80, rows: 1000, ascii: false };
const under = " ".repeat(16);

/** What could move the cursor or change the order of letters. */
const active = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("rowLines()", () => {
  test("rowLines() puts the value behind its label, in a column of its own", () => {
    expect(rowLines({ label: "to", value: "0xabc" }, medium)).toEqual(["  to            0xabc"]);
  });

  test("rowLines() goes on under the value where it was broken", () => {
    const value = `${"a".repeat(40)} ${"b".repeat(40)} ${"c".repeat(100)}`;
    expect(rowLines({ label: "note", value }, medium)).toEqual([
      `  note          ${"a".repeat(40)}`,
      `${under}${"b".repeat(40)}`,
      `${under}${"c".repeat(63)}`,
      `${under}${"c".repeat(37)}`,
    ]);
  });

  test.each(hostileTexts)("rowLines() keeps a value with %s in its own row", (_, value) => {
    const [first, ...rest] = rowLines({ label: "note", value }, medium);
    expect(first).toMatch(/^ {2}note {10}x/);
    for (const line of rest) expect(line.startsWith(under)).toBe(true);
    for (const line of [first ?? "", ...rest]) {
      expect(line).not.toMatch(active);
      expect(line.length).toBeLessThan(medium.columns);
    }
  });

  test("rowLines() keeps any value in its column and within the screen", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 700 }),
        fc.integer({ min: 40, max: 200 }),
        fc.boolean(),
        (value, columns, ascii) => {
          const [first, ...rest] = rowLines(
            { label: "note", value },
            { columns, rows: 1000, ascii },
          );
          expect(first?.startsWith("  note          ")).toBe(true);
          for (const line of rest) expect(line.startsWith(under)).toBe(true);
          for (const line of [first ?? "", ...rest]) {
            expect(line).not.toMatch(active);
            expect([...line].length).toBeLessThan(columns);
            if (ascii) expect(line).toMatch(/^[ -~]*$/);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([80, 39])(
    "rowLines() puts a value under a label that is too long, at %i columns",
    (columns) => {
      const label = `.${"details".repeat(12)}`;
      const lines = rowLines({ label, value: "0xabc" }, { ...medium, columns });
      expect(lines.at(-1)?.trim()).toBe("0xabc");
      expect(
        lines
          .slice(0, -1)
          .map((line) => line.trim())
          .join(""),
      ).toBe(label);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
      expect(lines.slice(1).every((line) => line.startsWith("    "))).toBe(true);
    },
  );

  test("rowLines() cuts an endless value and says so", () => {
    const text = rowLines({ label: "note", value: "x".repeat(5000) }, medium).join("");
    expect(text.replaceAll(/[^x]/g, "")).toHaveLength(600);
    expect(text.replaceAll(/\s+/g, " ")).toContain("(4400 characters cut)");
  });

  const doubleWidth: readonly [string, string][] = [
    ["Hangul", "한"],
    ["CJK", "漢"],
    ["full-width letters", "Ａ"],
    ["emoji", "😀"],
  ];
  const columnsShown = (line: string) => [...line].length + [...line.slice(16)].length;

  test.each(doubleWidth)("rowLines() counts %s as two columns", (_, char) => {
    for (const line of rowLines({ label: "note", value: char.repeat(100) }, medium)) {
      expect(columnsShown(line)).toBeLessThan(medium.columns);
    }
  });

  test.each([
    ["CJK extension B", "\u{20000}"],
    ["CJK extension G", "\u{30000}"],
    ["Tangut", "\u{17000}"],
    ["Kana supplement", "\u{1b000}"],
    ["Hangul Jamo extended A", "\ua960"],
    ["vertical forms", "\ufe10"],
  ])("rowLines() counts %s as two columns, else the value goes on in column 1", (_, char) => {
    for (const line of rowLines({ label: "note", value: char.repeat(100) }, medium)) {
      expect(columnsShown(line)).toBeLessThan(medium.columns);
    }
  });

  test("rowLines() stays within a narrow screen, else the value goes on in column 1", () => {
    for (const line of rowLines(
      { label: "note", value: "x".repeat(100) },
      { columns: 30, rows: 1000, ascii: true },
    )) {
      expect(line.length).toBeLessThanOrEqual(30);
    }
  });
});

describe("wrapped()", () => {
  test.each([
    ["", 5, [""]],
    ["ab cd", 5, ["ab cd"]],
    ["ab cd", 4, ["ab", "cd"]],
    ["abcdefg", 3, ["abc", "def", "g"]],
    ["a bcdefg h", 3, ["a", "bcd", "efg", "h"]],
    ["漢漢漢", 4, ["漢漢", "漢"]],
  ])("wrapped() breaks %j at %i columns", (text, columns, lines) => {
    expect(wrapped(text, columns)).toEqual(lines);
  });

  test("wrapped() loses nothing but spaces", () => {
    const bare = (text: string) => text.replaceAll(" ", "");
    const text = fc.string({ unit: fc.constantFrom(..."ab漢 "), maxLength: 100 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (value, columns) => {
        expect(bare(wrapped(value, columns).join(""))).toBe(bare(value));
      }),
    );
  });
});

describe("cutAtWord()", () => {
  const number = "Withdrawn: the caller hung up (Send 123_456.789012345678901234 ETH)";

  test.each([
    [number, { columns: 80, ascii: false }, number],
    [number, { columns: 50, ascii: false }, "Withdrawn: the caller hung up (Send …"],
    [number, { columns: 50, ascii: true }, "Withdrawn: the caller hung up (Send ..."],
    [`Signed: 0x${"5a".repeat(32)}`, { columns: 60, ascii: false }, "Signed: …"],
    [`0x${"5a".repeat(20)}`, { columns: 38, ascii: false }, "…"],
  ])("cutAtWord() leaves whole words of %j", (text, room, shown) => {
    expect(cutAtWord(text, room)).toBe(shown);
  });

  test("cutAtWord() fits, and begins as the text does", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.nat(100), (text, more) => {
        const columns = 3 + more;
        const shown = cutAtWord(text, { columns, ascii: false });
        expect(columnsOf(shown)).toBeLessThanOrEqual(columns);
        if (shown !== text) expect(`${text} `.startsWith(shown.slice(0, -1))).toBe(true);
      }),
    );
  });
});
