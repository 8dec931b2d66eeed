import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { parseConfig } from "./config.ts";
import { parseArguments } from "./flags.ts";

const parse = (line: string) =>
  parseConfig(parseArguments(line === "" ? [] : line.split(" ")), { hasTerminal: true });

test.each([
  ["--configdir /c", { path: "/c/clef.ipc" }],
  ["--configdir /c --ipcpath x", { path: "x/clef.ipc" }],
  ["--configdir /c --ipcpath .", { path: "clef.ipc" }],
  ["--configdir /c --ipcpath=", { path: "/c/clef.ipc" }],
  ["--ipcpath /tmp/ --ipcdisable=false", { path: "/tmp/clef.ipc" }],
  ["--configdir /c --ipcdisable", "off"],
  ["--ipcpath x --ipcdisable", "off"],
] as const)("parseConfig() reads where the socket is from %s", (line, ipc) => {
  expect(parse(line).ipc).toEqual(ipc);
});

test("parseConfig() gives a question the time of the limits", () => {
  expect(parse("").approvalMs).toBe(limits.questionMs);
});
