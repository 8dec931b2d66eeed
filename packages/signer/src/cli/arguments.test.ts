import { expect, test } from "vitest";
import { parseArguments } from "./parse-arguments.ts";

/** A command line without quotes, cut at blanks. */
const parse = (line: string) => parseArguments(line.split(" "));

test("Arguments.withoutEffect names the flags that are accepted and do nothing", () => {
  expect(parse("--rules r.js --http --nousb=false").givenWith("later")).toEqual(["--nousb"]);
  expect(parse("--rules r.js --http --nousb=false").givenWith("refused")).toEqual(["--rules"]);
});

test("Arguments.text() keeps a default in the configuration directory", () => {
  expect(parse("--configdir /c").text("config")).toBe("/c/cleft.toml");
  expect(parse("--configdir /c --config x").text("config")).toBe("x");
  expect(parse("--configdir /c").text("ipcpath")).toBe("/c");
  expect(parse("--configdir=").text("config")).toBe("cleft.toml");
});
