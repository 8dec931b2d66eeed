import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { plainStore } from "../../store/plain.ts";
import { Labels, labelsFile, parseLabel } from "./labels.ts";

const [a, b] = [addressOf("a"), addressOf("b")];

async function setUp(content?: string) {
  const configDir = await temporaryFolder();
  const path = join(configDir, labelsFile);
  if (content !== undefined) await writeFile(path, content, { mode: 0o600 });
  return { path, labels: new Labels({ configDir, store: plainStore({ random: () => "r" }) }) };
}

describe("parseLabel()", () => {
  test.each(["", "Treasury", "two words", "Zürich 金庫", "x".repeat(limits.labelCharsMax)])(
    "parseLabel() takes %j as it is",
    (text) => {
      expect(parseLabel(text)).toBe(text);
    },
  );

  test.each([
    ["a line break", "one\ntwo"],
    ["an escape sequence", "\u001b[2J"],
    ["a mark that turns the direction", "\u202egnp"],
    ["an invisible character", "Trea\u200bsury"],
    ["a space in front", " x"],
    ["only spaces", "   "],
    ["another kind of space", "a\u00a0b"],
    ["a letter too many", "x".repeat(limits.labelCharsMax + 1)],
  ])("parseLabel() refuses a text with %s", (_, text) => {
    expect(() => parseLabel(text)).toThrow(
      expect.objectContaining(failure("usage", "expected a label")),
    );
  });
});

describe("Labels", () => {
  test("all() is empty where there is no file", async () => {
    const { labels } = await setUp();
    expect(await labels.all()).toEqual(new Map());
  });

  test("of() gives back any label that set() took, also to another process", async () => {
    const { labels, path } = await setUp();
    const other = new Labels({
      configDir: join(path, ".."),
      store: plainStore({ random: () => "r" }),
    });
    const text = fc.string({ unit: "grapheme-ascii", maxLength: 64 }).filter((t) => t === t.trim());
    await fc.assert(
      fc.asyncProperty(text, async (label) => {
        await labels.set(a, parseLabel(label));
        expect(await other.of(a)).toBe(label === "" ? undefined : label);
      }),
      { numRuns: 50 },
    );
  });

  test("set() keeps the others, sorts, and writes for the owner only", async () => {
    const { labels, path } = await setUp();
    await labels.set(b, parseLabel("two"));
    await labels.set(a, parseLabel("one"));
    expect(await readFile(path, "utf8")).toBe(`{\n  "${a}": "one",\n  "${b}": "two"\n}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await labels.set(b, parseLabel(""));
    expect(await labels.all()).toEqual(new Map([[a, "one"]]));
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["a name that is no address", '{"0x12":"x"}'],
    ["a number as label", `{"${a}":1}`],
    ["a label that would move the cursor", `{"${a}":"\\u001b[2J"}`],
    ["an address twice", `{"${a}":"x","${a}":"y"}`],
  ])("all() and set() refuse a file with %s, and leave it alone", async (_, content) => {
    const { labels, path } = await setUp(content);
    const refused = failure("store.refused", "can't be read as labels");
    await expect(labels.all()).rejects.toMatchObject(refused);
    await expect(labels.set(b, parseLabel("x"))).rejects.toMatchObject(refused);
    expect(await readFile(path, "utf8")).toBe(content);
  });
});
