import { describe, expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { Deciding } from "./deciding.ts";
import type { Key } from "./keys.ts";
import type { DecisionForm } from "./questions.ts";

const medium = { columns: 80, rows: 24, ascii: false };
const form = (lines: number, text?: string): DecisionForm<string> => ({
  needs: "decision",
  headline: "Send 1 ETH",
  lines: () => Array.from({ length: lines }, (_, at) => `  line ${at + 1}`),
  summary: () => [],
  signsAtOnce: false,
  danger: undefined,
  confirmation: text === undefined ? undefined : { text, at: "to" },
  yes: { answer: "yes", said: "Said yes" },
  no: { answer: "no", said: "Rejected" },
});

/** A question of so many lines that has been drawn, and ways to press keys at a time. */
function setUp({ lines = 10, confirmation }: { lines?: number; confirmation?: string } = {}) {
  const deciding = new Deciding(form(lines, confirmation), { medium, now: 0, armMs: limits.armMs });
  const place = { kind: "queue", waiting: 1, expiresAt: 300_000 } as const;
  const draw = (now: number) => deciding.view({ medium, now, elapsed: now, place, happenings: [] });
  draw(0);
  const press = (key: Key, now: number) => {
    const verdict = deciding.press(key, 0, { alone: true, now });
    draw(now);
    return verdict;
  };
  const type = (char: string, now: number, alone = true) =>
    deciding.press("text", char.charCodeAt(0), { alone, now });
  return { deciding, draw, press, type };
}

describe("Deciding.press()", () => {
  test("press() takes an a for a yes, once it is armed, and nothing else ever", () => {
    const { type, press } = setUp();
    for (const key of ["up", "clear", "backspace", "other", "focusIn"] as const) {
      expect(press(key, limits.armMs)).toBeUndefined();
    }
    expect(type("a", limits.armMs)).toBe("yes");
  });

  test("press() takes an a that was too early for a key that may be held down", () => {
    const { type } = setUp();
    expect(type("a", limits.armMs - 1)).toBeUndefined();
    expect(type("a", limits.armMs - 2 + limits.heldMs)).toBeUndefined();
    expect(type("a", limits.armMs + 2 * limits.heldMs)).toBe("yes");
  });

  test.each([
    [500, 33],
    [660, 35],
    [500, 1000],
    [1800, 33],
    [1800, 1800],
    [2000, 33],
  ])("press() has no yes by a held a, repeated after %i ms and each %i ms", (delay, interval) => {
    // From the question before on, or begun in this one before it is armed.
    for (const from of [-1700, -100, 100, 400, 1900]) {
      const { type } = setUp();
      for (let now = from; now < 20_000; now += now === from ? delay : interval) {
        if (now >= 0) expect(type("a", now)).toBeUndefined();
      }
    }
  });

  test("press() has no yes by a confirmation whose last a is held down", () => {
    const { type } = setUp({ confirmation: "1aaa" });
    for (const char of "1aaa") expect(type(char, 3000)).toBeUndefined();
    for (let now = 5000; now < 20_000; now += 35) expect(type("a", now)).toBeUndefined();
  });

  test("press() counts the time, and what confirms, only while all of it can be read", () => {
    const { type, deciding, draw } = setUp({ confirmation: "bBcC" });
    deciding.pager.fit({ ...medium, rows: 5 });
    draw(1000);
    for (const char of "bbcc") type(char, 3000);
    draw(3000);
    deciding.pager.fit(medium);
    expect(draw(60_000).status.text).toBe("Not yet: a yes counts in 2 s");
    expect(draw(62_000).status.text).toContain("____");
  });

  test.each(["enter", "escape"] as const)("press() takes %s for a no, armed or not", (key) => {
    const { press } = setUp();
    expect(press(key, limits.earlyInputMs - 1)).toBeUndefined();
    expect(press(key, limits.earlyInputMs)).toBe("no");
    expect(press(key, limits.armMs)).toBe("no");
  });

  test("press() has no yes until the last line was on the screen, and keeps it then", () => {
    const { type, press, draw } = setUp({ lines: 100 });
    expect(type("a", 10_000)).toBeUndefined();
    expect(draw(10_000).status.text).toBe("Not yet: read to the end first, 81 more lines (Space)");
    press("end", 10_001);
    press("home", 10_002);
    expect(type("a", 10_000 + limits.heldMs)).toBe("yes");
  });

  test("press() reaches the end by Space alone", () => {
    const { type, deciding, draw } = setUp({ lines: 31 });
    expect(deciding.pager.isAtEnd).toBe(false);
    type(" ", 3000);
    draw(3000);
    expect(type("a", 3000)).toBe("yes");
  });

  test("press() has no yes on a screen that is too small to read", () => {
    const { type, deciding, draw } = setUp({ lines: 3 });
    deciding.pager.fit({ ...medium, rows: 5 });
    draw(3000);
    expect(type("a", 3000)).toBeUndefined();
  });

  test("press() takes a text that is typed into the question for no answer", () => {
    const { type } = setUp();
    for (const [at, char] of [..."xapqa"].entries()) {
      expect(type(char, limits.armMs + at * (limits.earlyInputMs - 1))).toBeUndefined();
    }
    expect(type("a", 10_000, false)).toBeUndefined();
    expect(type("q", 20_000, false)).toBeUndefined();
  });

  test("press() counts anew after the focus was away", () => {
    const { press, type } = setUp();
    press("focusOut", 3000);
    press("focusIn", 4000);
    expect(type("a", 4000 + limits.armMs - 1)).toBeUndefined();
    expect(type("a", 3999 + limits.armMs + limits.heldMs)).toBe("yes");
  });

  test("press() quits on a q", () => {
    expect(setUp().type("q", limits.earlyInputMs)).toBe("quit");
  });
});

describe("Deciding.press(), something critical", () => {
  test("press() wants the confirmation first, then an a that isn't part of it", () => {
    const { type, draw } = setUp({ confirmation: "0aAa" });
    expect(type("a", 3000)).toBeUndefined();
    for (const char of "0aaa") expect(type(char, 3000)).toBeUndefined();
    expect(draw(3000).status.text).toBe("Not yet: a key was pressed just now");
    expect(draw(3000 + limits.heldMs).status.text).toContain("READY");
    expect(type("a", 2999 + limits.heldMs)).toBeUndefined();
    expect(type("a", 2999 + 2 * limits.heldMs)).toBe("yes");
  });

  test("press() begins anew with a wrong character, and shows only what fits", () => {
    const { type, draw } = setUp({ confirmation: "bBcC" });
    for (const char of "bb1") type(char, 3000);
    expect(draw(3000).status.text).toContain('at "to": ____');
    for (const char of "Bbc") type(char, 3000);
    expect(draw(3000).status.text).toContain('at "to": Bbc_');
    expect(type("r", 3000)).toBe("no");
  });

  test("press() says which character was wrong, until one fits", () => {
    const { type, draw } = setUp({ confirmation: "bBcC" });
    type("b", 3000);
    type("7", 3000);
    expect(draw(3000).status.text).toMatch(/^"7" is wrong, begin again: .*"to": ____$/);
    type("b", 3000);
    expect(draw(3000).status.text).not.toContain("wrong");
  });

  test("press() takes Enter for a no until a confirmation is begun, and for nothing then", () => {
    expect(setUp({ confirmation: "bBcC" }).press("enter", 3000)).toBe("no");
    const { type, press, draw } = setUp({ confirmation: "bBcC" });
    type("7", 3000);
    expect(press("enter", 3000)).toBeUndefined();
    for (const char of "bbcc") type(char, 3000);
    expect(press("enter", 3000)).toBeUndefined();
    expect(draw(3000 + limits.quietMs).status.text).toContain("READY");
    expect(press("escape", 3000)).toBe("no");
  });

  test("press() is offered under the page only once it can be a yes", () => {
    const { type, draw } = setUp({ confirmation: "bBcC" });
    expect(draw(3000).keys).toContain("type 4 characters   r, Enter, Esc reject");
    expect(draw(3000).keys).not.toContain("approve");
    for (const char of "bbcc") type(char, 3000);
    expect(draw(3000).keys).toContain("a approve   r, Esc reject");
  });

  test.each([24, 40, 60, 80, 120])(
    "press() says on %i columns of what the end is typed",
    (columns) => {
      const scene = { now: 3000, elapsed: 3000, place: undefined, happenings: [] };
      for (const at of ["!! CRITICAL", "to"]) {
        const asked = { ...form(1), confirmation: { text: "bBcC", at } };
        const narrow = { ...medium, columns };
        const deciding = new Deciding(asked, { medium: narrow, now: 0, armMs: limits.armMs });
        const said = () => deciding.view({ ...scene, medium: narrow }).status.text;
        expect(said()).toMatch(new RegExp(`"${at}": ____$`));
        deciding.press("text", 0x37, { alone: true, now: 3000 });
        expect(said()).toMatch(new RegExp(`"${at}": ____$`));
        if (columns >= 40) expect(said()).toMatch(/^"7" is wrong/);
        expect(said().length).toBeLessThanOrEqual(columns - 2);
      }
    },
  );

  test("press() has no yes if there is nothing to type", () => {
    const { type } = setUp({ confirmation: "" });
    expect(type("a", 10_000)).toBeUndefined();
  });
});
