import { homedir } from "node:os";
import fc from "fast-check";
import { expect, test } from "vitest";
import { kinds, parseDuration, quoted, splitNames } from "./setting-value.ts";
import type { Kind } from "./settings.ts";
import { parseToml, type TomlValue } from "./toml.ts";

/** Reads a value of a file in /etc as a kind. */
async function read(kind: Kind, toml: string): Promise<string> {
  const [entry] = await parseToml(`a = ${toml}`, "f");
  if (entry === undefined) throw new Error("no entry");
  const wrong = ({ line, column }: TomlValue): never => {
    throw new Error(`wrong at ${line}:${column}`);
  };
  return kinds[kind].read(entry.value, { folder: "/etc", wrong });
}

test.each<readonly [Kind, string, string]>([
  ["switch", "true", "true"],
  ["switch", "false", "false"],
  ["off-switch", "true", "false"],
  ["off-switch", "false", "true"],
  ["text", '"x"', "x"],
  ["path", '"/x"', "/x"],
  ["path", '"x/../y"', "/etc/y"],
  ["path", '"~/x"', `${homedir()}/x`],
  ["path", '"~"', homedir()],
  ["path", '"~x"', "/etc/~x"],
  ["path", '""', ""],
  ["integer", "0", "0"],
  ["integer", "0xaa36a7", "11155111"],
  ["integer", "999_999_999_999_999_999", "999999999999999999"],
  ["names", "[]", ""],
  ["names", '["a", "*"]', "a,*"],
  ["chains", "[1]", "1"],
  ["chains", "[10, 1, 0xaa36a7]", "10,1,11155111"],
  ["chains", "[9223372036854775807]", "9223372036854775807"],
  ["duration", '"90s"', "90s"],
  ["duration", '"0"', "0"],
])("a %s reads %s as %s", async (kind, toml, text) => {
  expect(await read(kind, toml)).toBe(text);
});

test.each<readonly [Kind, string, string]>([
  ["switch", '"true"', "1:5"],
  ["switch", "1", "1:5"],
  ["off-switch", "0", "1:5"],
  ["text", "1", "1:5"],
  ["path", "[]", "1:5"],
  ["path", '"a\\u0000b"', "1:5"],
  ["integer", "-1", "1:5"],
  ["integer", "1.0", "1:5"],
  ["integer", '"1"', "1:5"],
  ["integer", "1_000_000_000_000_000_000", "1:5"],
  ["names", '"a,b"', "1:5"],
  ["names", '["a", "b,c"]', "1:11"],
  ["names", '["a b"]', "1:6"],
  ["names", '["a", 1]', "1:11"],
  ["chains", "1", "1:5"],
  ["chains", "[]", "1:5"],
  ["chains", "[1, 0]", "1:9"],
  ["chains", "[1, -1]", "1:9"],
  ["chains", "[1, 10, 1]", "1:13"],
  ["chains", '[1, "10"]', "1:9"],
  ["chains", "[9223372036854775808]", "1:6"],
  ["duration", "90", "1:5"],
  ["duration", '"90"', "1:5"],
  ["duration", '"1h30m"', "1:5"],
  ["duration", '"-1s"', "1:5"],
  ["duration", '""', "1:5"],
])("a %s refuses %s at %s", async (kind, toml, place) => {
  await expect(read(kind, toml)).rejects.toThrow(`wrong at ${place}`);
});

test.each([
  ["0", 0],
  ["0s", 0],
  ["90s", 90_000],
  ["5m", 300_000],
  ["8h", 28_800_000],
])("parseDuration() reads %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

const path = fc.string({ unit: "binary", maxLength: 40 }).filter((text) => !text.includes("\0"));
const host = fc.stringMatching(/^[^\s,]+$/);
const chain = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });

test.each<readonly [Kind, fc.Arbitrary<string>]>([
  ["switch", fc.constantFrom("true", "false")],
  ["off-switch", fc.constantFrom("true", "false")],
  ["text", fc.string({ unit: "binary" })],
  ["path", path.map((name) => `/${name}`).filter((text) => !/\/\/|\/$|\/\.\.?(?:\/|$)/.test(text))],
  ["integer", fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String)],
  ["names", fc.array(host).map((names) => names.join(","))],
  ["chains", fc.uniqueArray(chain, { minLength: 1, maxLength: 9 }).map((ids) => ids.join(","))],
  [
    "duration",
    fc
      .tuple(fc.nat({ max: 999_999_999 }), fc.constantFrom("s", "m", "h"))
      .map((parts) => parts.join("")),
  ],
])("a %s reads what it wrote, and its line has nothing that moves a cursor", async (kind, text) => {
  await fc.assert(
    fc.asyncProperty(text, async (drawn) => {
      const written = kinds[kind].write(drawn);
      expect(written).not.toMatch(/(?! )[\p{C}\p{Z}]/u);
      expect(await read(kind, written)).toBe(drawn);
    }),
  );
});

test("splitNames() drops blanks and empty names", () => {
  expect(splitNames(" a, ,b,")).toEqual(["a", "b"]);
});

test("quoted() makes what could move a cursor visible", () => {
  expect(quoted('\u001b[2J"\u202e')).toBe('"<U+001B>[2J\\"<U+202E>"');
});
