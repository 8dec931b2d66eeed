import { describe, expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import type { Key } from "./keys.ts";
import { Pager } from "./pager.ts";
import { SecretEntry } from "./secret-entry.ts";

const medium = { columns: 80, rows: 24, ascii: false };
const scene = { medium, now: 0, elapsed: 0, place: undefined, happenings: [] };
const ready: number = limits.earlyInputMs;

function setUp() {
  const entry = new SecretEntry(
    { title: "Password", prompt: "Password of 0xab" },
    new Pager(() => ["  SIGN?"], medium),
    0,
  );
  const type = (text: string, now = ready) => {
    for (const byte of Buffer.from(text)) entry.press("text", byte, now);
  };
  const press = (key: Key, now = ready) => entry.press(key, 0, now);
  const typed = () => entry.take().use((bytes) => Buffer.from(bytes).toString());
  return { entry, type, press, typed, shown: () => JSON.stringify(entry.view(scene)) };
}

describe("SecretEntry.press()", () => {
  test("press() keeps what is typed up to Enter and shows nothing of it", () => {
    const { type, press, typed, shown } = setUp();
    const before = shown();
    type("pässx y");
    for (let times = 0; times < 3; times++) press("backspace");
    type("word");
    expect(shown()).toBe(before);
    expect(press("enter")).toBe("done");
    expect(typed()).toBe("pässword");
  });

  test("press() counts a line that began too early as not typed, and says so", () => {
    const { type, press, typed, shown } = setUp();
    type("pass", ready - 1);
    type("word");
    expect(shown()).toContain("Dropped: you began before this was asked");
    expect(press("enter")).toBeUndefined();
    expect(shown()).not.toContain("Dropped");
    type("password");
    expect(press("enter")).toBe("done");
    expect(typed()).toBe("password");
  });

  test("press() drops an Enter and an Escape that came too early", () => {
    const { press } = setUp();
    expect([press("enter", 0), press("escape", ready - 1)]).toEqual([undefined, undefined]);
    expect(press("escape")).toBe("refused");
  });

  test("press() takes back everything on Escape, and refuses on the next", () => {
    const { type, press } = setUp();
    type("pass");
    expect([press("escape"), press("escape")]).toEqual([undefined, "refused"]);
  });

  test("press() begins anew on Ctrl-U", () => {
    const { type, press, typed } = setUp();
    type("wrong");
    press("clear");
    type("right");
    press("enter");
    expect(typed()).toBe("right");
  });
});

test("wipe() forgets what was typed", () => {
  const { entry, type, press, typed } = setUp();
  type("pass");
  entry.wipe();
  press("enter");
  expect(typed()).toBe("");
});
