import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { fakePrinter } from "./fakes.ts";

const date = new Date(2026, 10, 2, 6, 39, 5, 21);
const head = "INFO [11-02|06:39:05.021]";

/** A printer, and a function that takes what it has written since the last time. */
function make({ logIsSeen = true } = {}) {
  const { print: printer, written } = fakePrinter({ now: () => date, logIsSeen });
  const read = (name: keyof typeof written) => {
    const text = written[name];
    written[name] = "";
    return text;
  };
  return { printer, read };
}

/** The `key=value` part of a line. */
function fieldOf(value: string | number | bigint | boolean): string {
  const { printer, read } = make();
  printer.info("text", { key: value });
  return read("err").slice(head.length + 42, -1);
}

test("Printer() sends results, messages and questions to places of their own", () => {
  const { printer, read } = make();
  printer.out("result");
  printer.err("message");
  printer.write("question");
  expect([read("out"), read("err"), read("terminal")]).toEqual([
    ...["result\n", "message\n", "question"],
  ]);
});

test("Printer.info() writes one line as Go's logger does", () => {
  const { printer, read } = make();
  printer.info("Signer started", { port: 8550, on: true, wei: 2n ** 53n + 1n });
  printer.info("Stopped");
  expect(read("err")).toBe(
    `${head} Signer started                           port=8550 on=true wei=9007199254740993\n` +
      `${head} Stopped\n`,
  );
  expect(read("out")).toBe("");
});

test.each([
  ["plain", "key=plain"],
  ["", 'key=""'],
  ["two words", 'key="two words"'],
  ["a=b", 'key="a=b"'],
  ['a"b', 'key="a\\"b"'],
  ["x\ny", "key=x<U+000A>y"],
  ["x y\r\u001b[2J", 'key="x y<U+000D><U+001B>[2J"'],
  ["\u202eevil", "key=<U+202E>evil"],
  ["а\u200b\ud800", "key=<U+0430><U+200B><U+D800>"],
  ["\u0085\u2028\u00a0", "key=<U+0085><U+2028><U+00A0>"],
  ["x".repeat(401), `key="${"x".repeat(400)}... (1 characters cut)"`],
])("Printer.info() keeps the value %j in its field", (value, shown) => {
  expect(fieldOf(value)).toBe(shown);
});

test.each([
  [0, ""],
  [1, "ERROR"],
  [2, "WARN ERROR"],
  [3, "INFO WARN ERROR"],
  [4, "DEBUG INFO WARN ERROR"],
  [9, "DEBUG INFO WARN ERROR"],
])("Printer.setLevel() to %i lets through: %s", (level, names) => {
  const { printer, read } = make();
  printer.setLevel(level);
  printer.debug("x");
  printer.info("x");
  printer.warn("x");
  printer.error("x");
  expect((read("err").match(/^[A-Z]+/gm) ?? []).join(" ")).toBe(names);
});

test("Printer.hold() keeps log lines back, in their order, until the last release", () => {
  const { printer, read } = make();
  printer.hold();
  printer.hold();
  printer.info("first");
  printer.error("second");
  printer.write("question");
  printer.release();
  expect([read("err"), read("terminal")]).toEqual(["", "question"]);
  printer.release();
  expect(read("err").match(/first|second/g)).toEqual(["first", "second"]);
  printer.info("third");
  expect(read("err")).toContain("third");
});

test("Printer.release() says how many lines were dropped, once", () => {
  const { printer, read } = make();
  printer.hold();
  for (let line = 0; line < limits.heldLinesMax + 7; line++) printer.info(`line ${line}`);
  printer.release();
  const lines = read("err").trimEnd().split("\n");
  expect(lines).toHaveLength(limits.heldLinesMax + 1);
  expect(lines[0]).toMatch(/^WARN .* Log lines were dropped +count=7$/);
  expect(lines[1]).toContain("line 7");
  expect(lines.at(-1)).toContain(`line ${limits.heldLinesMax + 6}`);
  printer.hold();
  printer.release();
  expect(read("err")).toBe("");
});

test("Printer.hold() lets the log go on where it can't disturb a question", () => {
  const { printer, read } = make({ logIsSeen: false });
  printer.hold();
  printer.info("x");
  expect(read("err")).toContain("x");
});

test("Printer.enter() and leave() are exact opposites, once, and hold the log", () => {
  const { printer, read } = make();
  printer.enter();
  printer.enter();
  printer.info("x");
  const entered = read("terminal");
  expect(entered.match(/\?1049h/g)).toHaveLength(1);
  expect(read("err")).toBe("");
  printer.leave();
  printer.leave();
  const left = read("terminal");
  const modes = (text: string, end: string) =>
    [...text.matchAll(/\?(\d+)([hl])/g)]
      .filter(([, , last]) => last === end)
      .map(([, mode]) => mode);
  for (const mode of modes(entered, "h")) expect(modes(left, "l")).toContain(mode);
  for (const mode of modes(entered, "l")) expect(modes(left, "h")).toContain(mode);
  expect(read("err")).toContain("x");
});

test("Printer.reenter() takes the screen again only while it is taken", () => {
  const { printer, read } = make();
  printer.reenter();
  expect(read("terminal")).toBe("");
  printer.enter();
  const entered = read("terminal");
  printer.reenter();
  expect(read("terminal")).toBe(entered);
  printer.leave();
  printer.reenter();
  expect(read("terminal").match(/\?1049h/g)).toBeNull();
});

test("Printer.onLog() gives the lines that were there, and each that comes, held or not", () => {
  const { printer } = make();
  const seen: string[] = [];
  printer.info("first");
  printer.onLog((line) => void seen.push(line));
  printer.hold();
  printer.warn("second");
  expect(seen.map((line) => line.split("] ")[1])).toEqual(["first", "second"]);
});
