import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { fill, shellWord, unitWord, wordsOf } from "./quoting.ts";

const paths = [
  "/usr/bin/node",
  "/home/user/my tools/it's $HOME",
  "/a%b",
  '/q"uote\\',
  "/*?~#;&|<>`",
];

test.each(paths)("shellWord() says %s to sh, and wordsOf() reads it again", (path) => {
  const line = `printf %s ${shellWord(path)}`;
  expect(spawnSync("sh", ["-c", line], { encoding: "utf8" }).stdout).toBe(path);
  if (!path.includes("\\")) expect(wordsOf(line)).toEqual(["printf", "%s", path]);
});

test.each([
  ["/usr/bin/node", "/usr/bin/node"],
  ["/my tools/it's", `"/my tools/it's"`],
  ["/a%b", "/a%%b"],
  ["/$HOME", "/$$HOME"],
  ['/q"uote\\', '"/q\\"uote\\\\"'],
])("unitWord() says %s to systemd as %s", (path, word) => {
  expect(unitWord(path)).toBe(word);
});

test("fill() puts each value into its place and refuses what has none", () => {
  expect(fill("@A@-@B@-@A@ @default", { A: "1", B: "$&" })).toBe("1-$&-1 @default");
  expect(() => fill("@A@", {})).toThrow("no value for @A@");
  expect(() => fill("", { A: "1" })).toThrow("no place for A");
});
