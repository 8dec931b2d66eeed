import { describe, expect, test } from "vitest";
import { type FakeClock, hungUp, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { account, fullScreen, listingOf, never, reviewWith, transactionWith } from "./fakes.ts";

test("FullScreen takes the screen once and gives it back with the keys", async () => {
  const { window, terminal, listeners, clock } = fullScreen();
  window.ask.listing(listingOf(1), never).catch(() => undefined);
  await settled();
  expect([terminal.calls, listeners.size]).toEqual([["enter"], 1]);
  window.close();
  expect([terminal.calls, listeners.size, clock.waiting]).toEqual([["enter", "leave"], 0, 0]);
});

test("FullScreen shows log lines as they come, many at once, made inert, and forgets the oldest", () => {
  const { terminal, clock } = fullScreen();
  terminal.written = "";
  for (let at = 0; at < 500; at++) terminal.logged(`WARN line-${at}\u001b[2J`);
  expect(terminal.written).toBe("");
  clock.advance(limits.shownLogMs);
  expect(terminal.text).toContain("line-499⟨U+001B⟩[2J");
  expect(terminal.text).not.toContain("line-1⟨");
});

test("FullScreen draws only the rows that changed", async () => {
  const { window, terminal, clock } = fullScreen();
  window.ask.transaction(transactionWith(), never).catch(() => undefined);
  await settled();
  clock.advance(limits.armMs);
  terminal.written = "";
  clock.advance(limits.screenTickMs);
  expect(terminal.written).toBe("");
});

test.each([
  ["signed", "Signed", { kind: "signed", result: { raw: "0x", tx: { hash: "0x5a" } } }],
  ["refused as a password", "Try again", { kind: "complaint", text: "too short" }],
  ["signed as data", "Signed", { kind: "signed-data", account }],
  ["created", "Created", { kind: "created", account: { address: account, url: "keystore:///k" } }],
  [
    "failed",
    "Not signed",
    { kind: "failed", about: "data", code: "vault.failed", text: "no such key", agreed: true },
  ],
])("tell() keeps what was %s on the idle screen", (_, word, notice) => {
  const { window, terminal } = fullScreen();
  window.tell(notice as never);
  expect(terminal.text).toContain(word);
});

describe("FullScreen and q", () => {
  const later = (clock: FakeClock) => clock.advance(limits.earlyInputMs);

  test("FullScreen quits on a y behind a q, but not in the middle of a text", () => {
    const { type, quits, clock, terminal } = fullScreen();
    type("q", false);
    type("x");
    type("q");
    expect(terminal.text).not.toContain("y ENDS");
    later(clock);
    type("q");
    expect([terminal.text, quits()]).toEqual([expect.stringContaining("y ENDS the signer"), 0]);
    later(clock);
    type("y");
    expect(quits()).toBe(0);
    clock.advance(limits.quietMs);
    type("Y");
    expect(quits()).toBe(1);
  });

  test("FullScreen takes a q that is held down for one", () => {
    const { type, quits, clock, terminal } = fullScreen();
    later(clock);
    for (let at = 0; at < 100; at++) {
      type("q");
      clock.advance(limits.earlyInputMs - 1);
    }
    expect([terminal.text, quits()]).toEqual([expect.stringContaining("y ENDS the signer"), 0]);
  });

  test("FullScreen goes on with any other key, which does nothing else", async () => {
    const { type, quits, clock, terminal, window, place } = fullScreen();
    place(2);
    const asked = window.ask.listing(listingOf(1), never);
    await settled();
    clock.advance(limits.armMs);
    type("q");
    expect(terminal.text).toContain("y ENDS the signer and refuses all 2 questions");
    later(clock);
    type("a");
    expect(terminal.text).toContain("Not yet: a key was pressed just now");
    clock.advance(limits.quietMs);
    expect(terminal.text).toContain("READY");
    type("q");
    expect(quits()).toBe(0);
    later(clock);
    type("x");
    clock.advance(limits.quietMs);
    type("a");
    await expect(asked).resolves.toMatchObject({ addresses: [expect.anything()] });
  });

  test("FullScreen counts anew after the focus was away, also while a q waits for another", async () => {
    const { type, press, clock, terminal, window } = fullScreen();
    const asked = window.ask.listing(listingOf(1), never);
    await settled();
    clock.advance(limits.armMs);
    type("q");
    expect(terminal.text).toContain("y ENDS");
    press("focusOut");
    expect(terminal.text).not.toContain("y ENDS");
    clock.advance(60_000);
    press("focusIn");
    later(clock);
    type("a");
    expect(terminal.text).toMatch(/Not yet: a yes counts in [12] s/);
    await expect(Promise.race([asked, "open"])).resolves.toBe("open");
  });

  test.each(["qua", "qwa", "q1a", "qaa", "qya"])(
    "FullScreen takes %s, typed slowly, for no answer",
    async (text) => {
      const { type, quits, clock, window } = fullScreen();
      const asked = window.ask.listing(listingOf(1), never);
      await settled();
      clock.advance(limits.armMs);
      for (const char of text) {
        type(char);
        clock.advance(120);
      }
      await expect(Promise.race([asked, "open"])).resolves.toBe("open");
      expect(quits()).toBe(0);
    },
  );

  test("FullScreen forgets a q when something else is asked", async () => {
    const { type, quits, clock, terminal, window } = fullScreen();
    later(clock);
    type("q");
    const asked = window.ask.listing(listingOf(1), never);
    await settled();
    expect(terminal.text).not.toContain("y ENDS");
    later(clock);
    type("y");
    expect(quits()).toBe(0);
    clock.advance(limits.quietMs);
    type("q");
    clock.advance(limits.quietMs);
    type("y");
    expect(quits()).toBe(1);
    await expect(Promise.race([asked, "open"])).resolves.toBe("open");
  });
});

test("FullScreen says while nobody asks what is unlocked, until it is over", () => {
  const { window, terminal, clock } = fullScreen();
  const grant = { account, caller: "socket:ipc", until: clock.now() + 900_000, usesLeft: 2 };
  window.tell({ kind: "grant", grant, change: "begun" });
  expect(terminal.text).toContain("UNLOCKED, no password is asked");
  expect(terminal.text).toMatch(/socket:ipc +0x.*\n +until \S+, 2 signatures left/);
  expect(terminal.text).toMatch(/Unlocked +0x/);
  window.tell({ kind: "grant", grant: { ...grant, usesLeft: 1 }, change: "used" });
  expect(terminal.text).toContain("1 signature left");
  window.tell({ kind: "grant", grant: { ...grant, usesLeft: 0 }, change: "ended" });
  expect(terminal.text).not.toContain("UNLOCKED");
  expect(terminal.text).toMatch(/Unlock end +0x.*is over/s);
});

test("FullScreen says that it is ending", () => {
  const { terminal, ending } = fullScreen();
  ending.abort();
  expect(terminal.text).toContain("What is open is refused.");
});

test("FullScreen takes a second question at once for a bug", async () => {
  const { window } = fullScreen();
  window.ask.listing(listingOf(1), never).catch(() => undefined);
  await settled();
  const second = window.ask.transaction(transactionWith({ review: reviewWith() }), never);
  await expect(second).rejects.toThrow("one thing at a time");
});

test("tell() shows a lock for as long as it lasts, unless the signer is ending", () => {
  const { window, terminal, ending } = fullScreen();
  window.tell({ kind: "lock", locked: true });
  expect(terminal.rows[0]).toMatch(/LOCKED $/);
  expect(terminal.text).toContain("LOCKED   to unlock: cleft unlock");
  window.tell({ kind: "lock", locked: false });
  expect(terminal.text).not.toContain("LOCKED");
  window.tell({ kind: "lock", locked: true });
  ending.abort("ending");
  expect(terminal.rows[0]).toMatch(/ending $/);
});

test("tell() cuts long news at a word, never inside a number", async () => {
  const { window, terminal } = fullScreen();
  const leaving = new AbortController();
  const headline = "Create a contract and give it 123_456.345678901234567890 ETH";
  const asked = window.ask.transaction(
    transactionWith({ review: reviewWith({ headline }) }),
    leaving.signal,
  );
  await settled();
  leaving.abort(hungUp);
  await expect(asked).rejects.toBe(hungUp);
  void window.ask.listing(listingOf(1), never);
  await settled();
  expect(terminal.rows[1]).toMatch(
    /Withdrawn: the caller has gone \(Create a contract and give it …\s*$/,
  );
});

test("FullScreen takes the screen again after a stop and draws all of it", () => {
  const { terminal, goOn } = fullScreen();
  const before = terminal.text;
  terminal.rows = ["$ fg"];
  goOn();
  expect(terminal.calls).toEqual(["enter", "reenter"]);
  expect(terminal.text).toBe(before);
});
