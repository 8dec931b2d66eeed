import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { parseToml } from "./toml.ts";

/** The entries as `key = value` lines; what isn't a plain value is named by its kind. */
async function entries(text: string): Promise<string[]> {
  return (await parseToml(text, "f")).map(({ path, line, column, value }) => {
    const shown =
      "text" in value
        ? value.text
        : "on" in value
          ? value.on
          : "number" in value
            ? value.number
            : value.kind;
    return `${line}:${column} ${path.join("|")} ${value.line}:${value.column} ${shown}`;
  });
}

test.each<readonly [string, readonly string[]]>([
  ["", []],
  ["# nothing\n", []],
  ['a = "x"', ["1:1 a 1:5 x"]],
  ["a = 'x\\n'\r\n  b = true", ["1:1 a 1:5 x\\n", "2:3 b 2:7 true"]],
  ["a = 0xaa36a7", ["1:1 a 1:5 11155111"]],
  ["a = 9007199254740993", ["1:1 a 1:5 9007199254740993"]],
  ["a = -1", ["1:1 a 1:5 -1"]],
  ["a = 1.5\nb = 2026-11-25", ["1:1 a 1:5 float", "2:1 b 2:5 date"]],
  ["a = [1, 2]", ["1:1 a 1:5 array"]],
  ["[t]\na = 1", ["1:2 t 1:2 table", "2:1 t|a 2:5 1"]],
  ["t.a = 1", ["1:1 t|a 1:7 1"]],
  ["t = { a = 1 }", ["1:1 t 1:5 table", "1:7 t|a 1:11 1"]],
  ["[[t]]\na = 1", ["1:3 t 1:3 array of tables", "2:1 t|a 2:5 1"]],
  ['"a.b" = 1', ["1:1 a.b 1:9 1"]],
  ["__proto__ = 1", ["1:1 __proto__ 1:13 1"]],
])("parseToml() reads %j", async (text, expected) => {
  expect(await entries(text)).toEqual(expected);
});

test.each([
  ["a = 1\na = 2", "f:2:1: expected every key once, got this one twice"],
  ['"a" = 1\na = 2', "f:2:1: expected every key once, got this one twice"],
  ["[t]\n[t]", "f:2:2: expected every key once, got this one twice"],
  ["t.a = 1\n[t]\nb = 2", "f:2:2: expected every key once, got this one twice"],
  ["t = { a = 1, a = 2 }", "f:1:14: expected every key once, got this one twice"],
  ['a = "x', "f:1:7: expected TOML, got an error: unterminated string constant"],
  ["a =", "f:1:4: expected TOML, got an error: unspecified values are invalid"],
  ["a = 01", "f:1:5: expected TOML, got an error: leading zeros are not allowed"],
  ["\ufeffa = 1", "f:1:1: expected TOML, got an error: unexpected character"],
  ["a = tru", "f:1:5: expected TOML, got an error: unexpected character"],
  ["a = 1 b = 2", "f:1:7: expected TOML, got an error: must be a newline"],
])("parseToml() refuses %j with its place", async (text, message) => {
  await expect(parseToml(text, "f")).rejects.toMatchObject({ code: "usage", message });
});

test.each([
  ["keystore = ~/x", 'a text stands in quotes: keystore = "~/x"'],
  [
    "a = 1\nkeystore = /home/me/my keys  # here",
    'a text stands in quotes: keystore = "/home/me/my keys"',
  ],
  ["approval_timeout = 5m", 'a text stands in quotes: approval_timeout = "5m"'],
  ["http.addr = localhost\r\n", 'a text stands in quotes: http.addr = "localhost"'],
  ["vhosts = [localhost]", 'texts of a list stand in quotes too, such as ["a", "b"]'],
  ["advanced = True", "in small letters: advanced = true"],
  ["a = \u202ex", 'a text stands in quotes: a = "<U+202E>x"'],
])("parseToml() says how to mend %j", async (text, hint) => {
  await expect(parseToml(text, "f")).rejects.toMatchObject({ code: "usage", hint });
});

test.each(['a = "x', "a =", "a = 01", "a = 1 b = 2", "a = [1, 2", "a = 1\na = 2", "= x", "a x"])(
  "parseToml() guesses nothing about %j",
  async (text) => {
    const error: unknown = await parseToml(text, "f").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "usage" });
    expect(error).not.toHaveProperty("hint", expect.anything());
  },
);

test("parseToml() refuses what is nested beyond the stack", async () => {
  const half = limits.settingsFileBytesMax / 2;
  const refused = { code: "usage", message: "f: expected less nesting" };
  const lists = `a = ${"[".repeat(half)}${"]".repeat(half)}`;
  const tables = `a = ${"{a=".repeat(half)}1${"}".repeat(half)}`;
  await expect(parseToml(lists, "f")).rejects.toMatchObject(refused);
  await expect(parseToml(tables, "f")).rejects.toMatchObject(refused);
});
