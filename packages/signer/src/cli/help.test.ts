import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { accountHelpText, commandHelpText, flagLines, helpText } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import { type FlagName, flagTable } from "./settings.ts";

const all = [...commands.values()];
const flagsIn = (text: string) =>
  [...text.matchAll(/^ {3}--([a-z0-9.-]+)/gm)].map(([, name]) => name);

test("flagLines() says of every flag what it does and what it is by default", () => {
  const lines = flagLines(Object.keys(flagTable) as FlagName[]);
  expect(lines.find((line) => line.includes("--http.port"))).toBe(
    "   --http.port value        port that HTTP listens on (default: 8550)",
  );
  expect(lines.find((line) => line.includes("--nousb"))).toContain("(no effect yet)");
  expect(lines.join("\n")).toMatch(/\n {28}\(default: ~\/\.clef\)\n/);
});

test("helpText() lists every flag that any command has, and no other", () => {
  const global = Object.entries(flagTable).filter(([, { only }]) => only === undefined);
  expect(flagsIn(helpText(all))).toEqual(global.map(([name]) => name));
  expect(global.every(([name]) => parseArguments([`--${name}=1`]))).toBe(true);
});

test("commandHelpText() has the usage of one command and the flags that matter to it", () => {
  const ofNewAccount = all.filter(({ name }) => name === "newaccount");
  expect(commandHelpText(ofNewAccount)).toMatch(
    /^USAGE:\n {3}cleft newaccount\n {6}Create a new account\n\nOPTIONS/,
  );
  const everywhere = ["configdir", "config", "loglevel", "help"];
  expect(flagsIn(commandHelpText(ofNewAccount))).toEqual([
    ...["keystore", "lightkdf", "suppress-bootwarn"],
    ...everywhere,
  ]);
  const ofAudit = all.filter(({ name }) => name.startsWith("audit "));
  expect(flagsIn(commandHelpText(ofAudit))).toEqual(["json", ...everywhere]);
});

test("a command's help has each flag that belongs to it alone", () => {
  for (const [name, { only = [] }] of Object.entries(flagTable)) {
    for (const command of only) {
      expect(commandHelpText(all.filter((one) => one.name === command))).toContain(`   --${name}`);
    }
  }
});

test("all help fits 80 columns", () => {
  const texts = [helpText(all), accountHelpText(all), ...all.map((one) => commandHelpText([one]))];
  const wide = texts.flatMap((text) => text.split("\n")).filter((line) => line.length > 80);
  expect(wide).toEqual([]);
  expect(texts.join("")).not.toContain("\u00a0");
});
