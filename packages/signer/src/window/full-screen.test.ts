import { describe, expect, test, vi } from "vitest";
import { FakeClock, failure, hungUp, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { account, listingOf, never, reviewWith, transactionWith } from "./fakes.ts";
import { FullScreen } from "./full-screen.ts";
import type { Key, KeyListener } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import type { WholeScreen } from "./screen.ts";

const info = {
  extapi_http: "http://127.0.0.1:8550/",
  extapi_ipc: "n/a",
  extapi_version: "6.1.0",
  intapi_version: "7.0.1",
};

/** A terminal that keeps what is drawn row by row. */
class FakeTerminal implements WholeScreen {
  medium = { columns: 80, rows: 24, ascii: false };
  readonly colorBits = 1;
  readonly calls: string[] = [];
  rows: string[] = [];
  written = "";
  resized: () => void = () => undefined;
  logged: (line: string) => void = () => undefined;
  enter = () => void this.calls.push("enter");
  leave = () => void this.calls.push("leave");
  hold = () => void this.calls.push("hold");
  release = () => void this.calls.push("release");
  onResize = (listener: () => void) => {
    this.resized = listener;
  };
  onLog = (listener: (line: string) => void) => {
    this.logged = listener;
  };
  write = (text: string) => {
    this.written += text;
    if (text.startsWith("\u001b[2J")) this.rows = [];
    for (const [, row, line = ""] of text.matchAll(
      /\u001b\[(\d+);1H\u001b\[2K([^\u001b]*(?:\u001b\[[\d;]*m[^\u001b]*)*)/g,
    )) {
      this.rows[Number(row) - 1] = line.replaceAll(/\u001b\[[\d;]*m/g, "");
    }
  };
  get text(): string {
    return this.rows.join("\n");
  }
}

function setUp() {
  const [terminal, clock] = [new FakeTerminal(), new FakeClock()];
  const listeners = new Set<KeyListener>();
  let quits = 0;
  const ending = new AbortController();
  const window = new FullScreen({
    screen: terminal,
    clock,
    armMs: limits.armMs,
    onQuit: () => void quits++,
    ending: ending.signal,
    keys: {
      listen: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  });
  const press = (key: Key, byte = 0, alone = true) => {
    for (const listener of listeners) listener(key, byte, alone);
  };
  const type = (text: string, alone = text.length === 1) => {
    for (const byte of Buffer.from(text)) press("text", byte, alone);
  };
  const place = (waiting: number) => {
    const expiresAt = waiting === 0 ? undefined : clock.now() + limits.questionMs;
    window.tell({ kind: "queue", waiting, expiresAt });
  };
  window.tell({ kind: "started", info, qrexec: "n/a" });
  return { terminal, clock, window, press, type, place, listeners, ending, quits: () => quits };
}

describe("FullScreen.ask", () => {
  test("ask() is a yes to exactly the question, by an a, and the password comes under it", async () => {
    const { window, terminal, clock, type, press, place } = setUp();
    place(2);
    const asked = window.ask.transaction(transactionWith(), never);
    await settled();
    expect(terminal.text).toContain("Cleft   question 1 of 2");
    expect(terminal.text).toContain("expires in 5:00");
    clock.advance(limits.armMs);
    expect(terminal.text).toContain("READY");
    expect(terminal.text).toContain("expires in 4:58");
    type("a");
    const yes = { approved: true, digest: "0xd1", transaction: undefined };
    await expect(asked).resolves.toEqual(yes);
    expect(terminal.text).toContain("One moment");
    const secret = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await settled();
    expect(terminal.text.toLowerCase()).toContain(`password of ${account}`);
    expect(terminal.text).toContain("Send 1 ETH on Ethereum");
    clock.advance(limits.earlyInputMs);
    type("hunter2");
    press("enter");
    const { password } = await secret;
    expect(password.use((bytes) => Buffer.from(bytes).toString())).toBe("hunter2");
    expect(terminal.written).not.toContain("hunter2");
    place(0);
    expect(terminal.text).toContain("Nothing waits for you");
  });

  test.each(["enter", "escape"] as const)("ask() is a no by %s", async (key) => {
    const { window, clock, press, terminal } = setUp();
    const asked = window.ask.listing(listingOf(2), never);
    await settled();
    clock.advance(limits.armMs);
    press(key);
    await expect(asked).resolves.toEqual({ addresses: undefined });
    expect(terminal.text).toMatch(/Rejected +Tell the caller your 2 account/);
  });

  test("ask() answers no second question with keys of the first, not even of one chunk", async () => {
    const { window, clock, type, press } = setUp();
    const first = window.ask.listing(listingOf(1), never);
    await settled();
    clock.advance(limits.armMs);
    const answers: unknown[] = [];
    const second = first.then(() => window.ask.listing(listingOf(2), never));
    second.then((answer) => answers.push(answer));
    type("rrra", false);
    await settled();
    press("enter");
    type("r");
    clock.advance(limits.earlyInputMs - 1);
    press("escape");
    await settled();
    expect(answers).toEqual([]);
    clock.advance(1);
    press("escape");
    await expect(second).resolves.toEqual({ addresses: undefined });
  });

  test("ask() forgets a withdrawn question and says why", async () => {
    const { window, terminal, type, clock } = setUp();
    const caller = new AbortController();
    const asked = window.ask.transaction(transactionWith(), caller.signal);
    await settled();
    clock.advance(limits.armMs);
    caller.abort(hungUp);
    type("a");
    await expect(asked).rejects.toBe(hungUp);
    expect(terminal.text).toMatch(/Withdrawn +the caller has gone \(Send 1 ETH/);
    expect(terminal.text).not.toContain("SIGN?");
    await expect(
      window.ask.password({ account, signs: "transaction", attempt: 0 }, caller.signal),
    ).rejects.toBe(hungUp);
  });

  test("ask() leaves the next question alone when the caller of an answered one goes", async () => {
    const { window, terminal, press, clock } = setUp();
    const caller = new AbortController();
    const first = window.ask.listing(listingOf(1), caller.signal);
    await settled();
    clock.advance(limits.armMs);
    press("enter");
    await first;
    window.ask.transaction(transactionWith(), never).catch(() => undefined);
    await settled();
    caller.abort(hungUp);
    expect(terminal.text).toContain("SIGN?");
    expect(terminal.text).not.toContain("Withdrawn");
  });

  test("ask() has no password of a question that was withdrawn", async () => {
    const { window, type, press, clock } = setUp();
    const caller = new AbortController();
    const asked = window.ask.password({ account, signs: "transaction", attempt: 0 }, caller.signal);
    await settled();
    clock.advance(limits.earlyInputMs);
    type("old");
    const wipe = vi.spyOn(LineBuffer.prototype, "clear");
    caller.abort(hungUp);
    expect(wipe).toHaveBeenCalled();
    wipe.mockRestore();
    await expect(asked).rejects.toBe(hungUp);
    press("escape");
    const next = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await settled();
    clock.advance(limits.earlyInputMs);
    type("new");
    press("enter");
    const { password } = await next;
    expect(password.use((bytes) => Buffer.from(bytes).toString())).toBe("new");
  });

  test("ask() shows nothing after a password's question went until Escape, so that its rest answers nothing", async () => {
    const { window, terminal, type, press, clock } = setUp();
    const caller = new AbortController();
    const asked = window.ask.password({ account, signs: "transaction", attempt: 0 }, caller.signal);
    await settled();
    clock.advance(limits.earlyInputMs);
    type("pass");
    caller.abort(hungUp);
    await expect(asked).rejects.toBe(hungUp);
    const next = window.ask.listing(listingOf(1), never);
    await settled();
    expect(terminal.text).toContain("Nothing of what you typed is used.");
    expect(terminal.text).not.toContain("LIST?");
    for (const char of "a a") {
      clock.advance(limits.armMs);
      type(char);
    }
    press("enter");
    expect(terminal.text).not.toContain("LIST?");
    press("escape");
    expect(terminal.text).toContain("LIST?");
    type("a");
    expect(terminal.text).toContain("LIST?");
    clock.advance(limits.armMs);
    type("a");
    await expect(next).resolves.toEqual({ addresses: expect.anything() });
  });

  test("ask() withdraws a question that waits behind a password's end", async () => {
    const { window, terminal, press, clock } = setUp();
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = window.ask.password({ account, signs: "transaction", attempt: 0 }, first.signal);
    await settled();
    first.abort(hungUp);
    await expect(asked).rejects.toBe(hungUp);
    const next = window.ask.listing(listingOf(1), second.signal);
    await settled();
    second.abort(hungUp);
    await expect(next).rejects.toBe(hungUp);
    press("escape");
    expect(terminal.text).not.toContain("LIST?");
    clock.advance(limits.armMs);
    expect(terminal.text).toContain("waiting for requests");
  });

  test("ask() puts no password under the question of a turn that is over", async () => {
    const { window, terminal, clock, type, place } = setUp();
    place(1);
    const asked = window.ask.transaction(transactionWith(), never);
    await settled();
    clock.advance(limits.armMs);
    type("a");
    await asked;
    place(0);
    place(1);
    window.ask
      .password({ account, signs: "transaction", attempt: 0 }, never)
      .catch(() => undefined);
    await settled();
    expect(terminal.text).toContain("PASSWORD");
    expect(terminal.text).not.toContain("SIGN?");
  });

  test("ask() is refused by Escape instead of a password, and by one that is too long", async () => {
    const { window, type, press, clock } = setUp();
    const first = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await settled();
    clock.advance(limits.earlyInputMs);
    press("escape");
    await expect(first).rejects.toMatchObject(failure("request.denied"));
    const second = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await settled();
    clock.advance(limits.earlyInputMs);
    type("x".repeat(limits.passwordBytesMax + 1));
    press("enter");
    await expect(second).rejects.toMatchObject(failure("password.long"));
  });

  test("ask() keeps a question that was read through a change of size", async () => {
    const { window, terminal, clock, type } = setUp();
    const asked = window.ask.transaction(transactionWith(), never);
    await settled();
    clock.advance(limits.armMs);
    terminal.medium = { columns: 40, rows: 12, ascii: false };
    terminal.resized();
    expect(terminal.rows).toHaveLength(12);
    type("a");
    await expect(asked).resolves.toMatchObject({ approved: true });
  });
});

describe("FullScreen", () => {
  test("FullScreen takes the screen once and gives it back with the keys", async () => {
    const { window, terminal, listeners, clock } = setUp();
    window.ask.listing(listingOf(1), never).catch(() => undefined);
    await settled();
    expect([terminal.calls, listeners.size]).toEqual([["enter"], 1]);
    window.close();
    expect([terminal.calls, listeners.size, clock.waiting]).toEqual([["enter", "leave"], 0, 0]);
  });

  test("FullScreen shows log lines as they come, many at once, made inert, and forgets the oldest", () => {
    const { terminal, clock } = setUp();
    terminal.written = "";
    for (let at = 0; at < 500; at++) terminal.logged(`WARN line-${at}\u001b[2J`);
    expect(terminal.written).toBe("");
    clock.advance(limits.shownLogMs);
    expect(terminal.text).toContain("line-499⟨U+001B⟩[2J");
    expect(terminal.text).not.toContain("line-1⟨");
  });

  test("FullScreen draws only the rows that changed", async () => {
    const { window, terminal, clock } = setUp();
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
    [
      "created",
      "Created",
      { kind: "created", account: { address: account, url: "keystore:///k" } },
    ],
    [
      "failed",
      "Not signed",
      { kind: "failed", about: "data", code: "vault.failed", text: "no such key", agreed: true },
    ],
  ])("tell() keeps what was %s on the idle screen", (_, word, notice) => {
    const { window, terminal } = setUp();
    window.tell(notice as never);
    expect(terminal.text).toContain(word);
  });

  test("FullScreen quits on q, but not in the middle of a text", () => {
    const { type, quits, clock } = setUp();
    type("q", false);
    type("x");
    type("q");
    expect(quits()).toBe(0);
    clock.advance(limits.earlyInputMs);
    type("q");
    expect(quits()).toBe(1);
  });

  test("FullScreen says that it is ending", () => {
    const { terminal, ending } = setUp();
    ending.abort();
    expect(terminal.text).toContain("What is open is refused.");
  });

  test("FullScreen takes a second question at once for a bug", async () => {
    const { window } = setUp();
    window.ask.listing(listingOf(1), never).catch(() => undefined);
    await settled();
    const second = window.ask.transaction(transactionWith({ review: reviewWith() }), never);
    await expect(second).rejects.toThrow("one thing at a time");
  });
});

test("tell() shows a lock for as long as it lasts, unless the signer is ending", () => {
  const { window, terminal, ending } = setUp();
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
  const { window, terminal } = setUp();
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
