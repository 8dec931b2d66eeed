import { describe, expect, test } from "vitest";
import { FakeClock } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { KeyReader } from "./key-reader.ts";

function setUp() {
  const clock = new FakeClock();
  const keys: string[] = [];
  let interrupts = 0;
  const reader = new KeyReader(
    (key, byte, alone) =>
      keys.push(`${key === "text" ? String.fromCharCode(byte) : key}${alone ? "!" : ""}`),
    { clock, onInterrupt: () => void interrupts++ },
  );
  const take = (chunk: string) => reader.take(Buffer.from(chunk, "latin1"));
  return { clock, keys, reader, take, interrupts: () => interrupts };
}

describe("KeyReader.take()", () => {
  test.each([
    ["a", ["a!"]],
    ["ab", ["a", "b"]],
    ["\r", ["enter!"]],
    ["\n", ["enter!"]],
    ["\u007f", ["backspace!"]],
    ["\u0015", ["clear!"]],
    ["\u0004", ["other!"]],
    ["\u001a", ["other!"]],
    ["\u001b[A", ["up"]],
    ["\u001bOB", ["down"]],
    ["\u001b[5~\u001b[6~", ["pageUp", "pageDown"]],
    ["\u001b[H\u001b[1~\u001b[F\u001b[4~", ["home", "home", "end", "end"]],
    ["\u001b[1;5A", ["up"]],
    ["\u001b[I\u001b[O", ["focusIn", "focusOut"]],
    ["\u001b[200~a\u001b[201~", ["other", "a", "other"]],
    ["\u001ba", ["other"]],
    ["\u001b[3~\u001bOP", ["other", "other"]],
    [`\u001b[${"1;".repeat(100)}`, ["other"]],
  ])("take() tells the keys in %j", (chunk, expected) => {
    const { keys, take } = setUp();
    take(chunk);
    expect(keys.slice(0, expected.length)).toEqual(expected);
    expect(keys.filter((key) => key.startsWith("escape"))).toEqual([]);
  });

  test("take() takes a sequence that comes in pieces for one key, and an Escape alone for Escape", () => {
    const { keys, take, clock } = setUp();
    take("\u001b");
    clock.advance(limits.escapeMs - 1);
    take("[");
    take("A");
    clock.advance(limits.escapeMs);
    expect(keys).toEqual(["up!"]);
    take("\u001b");
    clock.advance(limits.escapeMs);
    expect(keys.slice(1)).toEqual(["escape!"]);
  });

  test("take() interrupts wherever Ctrl-C comes", () => {
    const { take, interrupts } = setUp();
    take("\u0003");
    take("a\u0003");
    take("\u001b[\u0003");
    expect(interrupts()).toBe(3);
  });
});

test("stop() leaves the rest of a chunk to nobody", () => {
  const keys: string[] = [];
  const clock = new FakeClock();
  const reader: KeyReader = new KeyReader(
    (key) => {
      keys.push(key);
      reader.stop();
    },
    { clock, onInterrupt: () => undefined },
  );
  reader.take(Buffer.from("\rabc\u001b"));
  clock.advance(limits.escapeMs);
  expect(keys).toEqual(["enter"]);
});
