import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { setLogLevel } from "./log-level.ts";
import { parseArguments } from "./parse-arguments.ts";
import { parseSettingsFile } from "./settings-file.ts";

/** Sets it as flags and file say, and returns what was set and warned of. */
async function set(argv: readonly string[], toml = "") {
  const said: unknown[] = [];
  const file = await parseSettingsFile(new TextEncoder().encode(toml), "/c.toml");
  setLogLevel(parseArguments(argv).withFile(file), {
    setLevel: (level) => void said.push(level),
    warn: (text, fields) => void said.push(text, fields),
  });
  return said;
}

test("setLogLevel() takes Clef's levels from flag and file", async () => {
  expect(await set([])).toEqual([3]);
  expect(await set(["--loglevel=0"])).toEqual([0]);
  expect(await set([], "loglevel = 5")).toEqual([5]);
});

test("setLogLevel() takes a flag beyond them for the last one, and says so", async () => {
  expect(await set(["--loglevel", "9"], "loglevel = 2")).toEqual([
    5,
    "There is no such log level, the last one is taken",
    { loglevel: 9n, taken: 5 },
  ]);
});

test("setLogLevel() refuses a file that says more", async () => {
  await expect(set([], "loglevel = 9")).rejects.toMatchObject(
    failure("usage", '/c.toml:1:12: expected loglevel to be at most 5, got "9"'),
  );
});
