import { describe, expect, test } from "vitest";
import { Arming } from "./arming.ts";

const [armMs, earlyMs, quietMs, heldMs] = [2000, 300, 1000, 2500];
const make = (confirmation?: string) =>
  new Arming({ armMs, earlyMs, quietMs, heldMs, confirmation }, 0);
const type = (arming: Arming, text: string) => [...text].map((char) => arming.confirm(char));

describe("Arming.isArmed()", () => {
  test("isArmed() is true once everything was read and was there long enough", () => {
    const arming = make();
    expect(arming.obstacles(0)).toEqual(["unread", "early"]);
    arming.readToEnd();
    expect([arming.isArmed(armMs - 1), arming.isArmed(armMs)]).toEqual([false, true]);
  });

  test("isArmed() is never true of a question that wasn't read to its end", () => {
    expect(make().obstacles(1_000_000)).toEqual(["unread"]);
  });

  test("isArmed() counts anew after the window wasn't looked at", () => {
    const arming = make();
    arming.readToEnd();
    arming.leave("unfocused");
    expect(arming.obstacles(armMs)).toEqual(["away"]);
    arming.comeBack("unfocused", armMs);
    expect(arming.remainingMs(armMs)).toBe(armMs);
    arming.comeBack("unfocused", armMs + 1000);
    expect(arming.isArmed(2 * armMs)).toBe(true);
  });

  test("isArmed() needs the confirmation, in any case", () => {
    const arming = make("bBcC");
    arming.readToEnd();
    expect(arming.obstacles(armMs)).toEqual(["unconfirmed"]);
    expect(type(arming, "BBc")).toEqual([true, true, true]);
    expect(arming.isArmed(armMs)).toBe(false);
    type(arming, "c");
    expect(arming.isArmed(armMs)).toBe(true);
  });

  test("isArmed() is never true if there is nothing that could confirm", () => {
    const arming = make("");
    arming.readToEnd();
    expect(type(arming, "0")).toEqual([false]);
    expect(arming.confirm("")).toBe(false);
    expect(arming.isArmed(1_000_000)).toBe(false);
  });
});

test("confirm() begins anew with a wrong character, also with one too many", () => {
  const arming = make("abcd");
  type(arming, "abx");
  expect(arming.typed).toBe("");
  type(arming, "abcd");
  expect(arming.typed).toBe("abcd");
  type(arming, "d");
  expect(arming.obstacles(armMs)).toContain("unconfirmed");
});

test("accepts() drops what was meant for what was there before", () => {
  expect([make().accepts(earlyMs - 1), make().accepts(earlyMs)]).toEqual([false, true]);
});

test("isQuiet() takes no key for meant that follows a meaningless one", () => {
  const arming = make();
  expect(arming.isQuiet(0)).toBe(true);
  arming.stray(1000);
  expect([arming.isQuiet(1000 + quietMs - 1), arming.isQuiet(1000 + quietMs)]).toEqual([
    false,
    true,
  ]);
});

test("comeBack() of one reason doesn't end the other, and the time starts once both are over", () => {
  const arming = make();
  arming.readToEnd();
  arming.leave("unfocused");
  arming.leave("unreadable");
  arming.comeBack("unreadable", 5000);
  expect(arming.obstacles(60_000)).toEqual(["away"]);
  arming.comeBack("unfocused", 60_000);
  expect(arming.isArmed(60_000 + armMs - 1)).toBe(false);
  expect(arming.isArmed(60_000 + armMs)).toBe(true);
});

test("stray() holds longer after the key that says yes, which may be held down", () => {
  const arming = make();
  arming.stray(1000, true);
  arming.stray(1001);
  expect([arming.isQuiet(1000 + heldMs - 1), arming.isQuiet(1000 + heldMs)]).toEqual([false, true]);
});
