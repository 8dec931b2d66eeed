import { expect, test, vi } from "vitest";
import { failure, hungUp, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { account, fullScreen, listingOf, never, transactionWith } from "./fakes.ts";
import { LineBuffer } from "./line-buffer.ts";

test("ask() is a yes to exactly the question, by an a, and the password comes under it", async () => {
  const { window, terminal, clock, type, press, place } = fullScreen();
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

test("ask() keeps what matters on a small screen while the password is typed", async () => {
  const { window, terminal, clock, type, press } = fullScreen();
  terminal.medium = { columns: 40, rows: 10, ascii: false };
  terminal.resized();
  const asked = window.ask.transaction(transactionWith(), never);
  await settled();
  clock.advance(limits.armMs);
  press("end");
  type("a");
  await asked;
  window.ask.password({ account, signs: "transaction", attempt: 1 }, never).catch(() => undefined);
  await settled();
  window.tell({ kind: "complaint", text: "wrong password, 2 tries left" });
  expect(terminal.rows.slice(1, 4).join("\n")).toMatch(/SIGN\? +Send 1 ETH on.*\n {2}to +0xbb/);
});

test.each(["enter", "escape"] as const)("ask() is a no by %s", async (key) => {
  const { window, clock, press, terminal } = fullScreen();
  const asked = window.ask.listing(listingOf(2), never);
  await settled();
  clock.advance(limits.armMs);
  press(key);
  await expect(asked).resolves.toEqual({ addresses: undefined });
  expect(terminal.text).toMatch(/Rejected +Tell the caller your 2 account/);
});

test.each([-3_600_000, 3_600_000])(
  "ask() takes a no and arms a yes by no clock that somebody sets: by %i ms",
  async (by) => {
    const { window, clock, press, terminal } = fullScreen();
    const asked = window.ask.listing(listingOf(2), never);
    await settled();
    clock.advance(limits.earlyInputMs);
    clock.set(by);
    press("other");
    expect(terminal.text).toMatch(/Not yet: a yes counts in [12] s/);
    press("escape");
    await expect(asked).resolves.toEqual({ addresses: undefined });
  },
);

test("ask() answers no second question with keys of the first, not even of one chunk", async () => {
  const { window, clock, type, press } = fullScreen();
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
  const { window, terminal, type, clock } = fullScreen();
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
  const { window, terminal, press, clock } = fullScreen();
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
  const { window, type, press, clock } = fullScreen();
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
  const { window, terminal, type, press, clock } = fullScreen();
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
  clock.advance(limits.heldMs);
  type("a");
  await expect(next).resolves.toEqual({ addresses: expect.anything() });
});

test("ask() withdraws a question that waits behind a password's end", async () => {
  const { window, terminal, press, clock } = fullScreen();
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
  const { window, terminal, clock, type, place } = fullScreen();
  place(1);
  const asked = window.ask.transaction(transactionWith(), never);
  await settled();
  clock.advance(limits.armMs);
  type("a");
  await asked;
  place(0);
  place(1);
  window.ask.password({ account, signs: "transaction", attempt: 0 }, never).catch(() => undefined);
  await settled();
  expect(terminal.text).toContain("PASSWORD");
  expect(terminal.text).not.toContain("SIGN?");
});

test("ask() is refused by Escape instead of a password, and by one that is too long", async () => {
  const { window, type, press, clock } = fullScreen();
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
  const { window, terminal, clock, type } = fullScreen();
  const asked = window.ask.transaction(transactionWith(), never);
  await settled();
  clock.advance(limits.armMs);
  terminal.medium = { columns: 40, rows: 12, ascii: false };
  terminal.resized();
  expect(terminal.rows).toHaveLength(12);
  type("a");
  await expect(asked).resolves.toMatchObject({ approved: true });
});

test("ask() drops half a password when the process was stopped and goes on", async () => {
  const { window, clock, type, press, goOn } = fullScreen();
  const secret = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
  await settled();
  clock.advance(limits.earlyInputMs);
  type("hunt");
  goOn();
  clock.advance(limits.earlyInputMs);
  type("hunter2");
  press("enter");
  const { password } = await secret;
  expect(password.use((bytes) => Buffer.from(bytes).toString())).toBe("hunter2");
});

test("ask() has a yes wait again when the process was stopped and goes on", async () => {
  const { window, terminal, clock, type, goOn } = fullScreen();
  const asked = window.ask.transaction(transactionWith(), never);
  await settled();
  clock.advance(limits.armMs);
  goOn();
  expect(terminal.text).not.toContain("READY");
  type("a");
  clock.advance(limits.heldMs);
  expect(terminal.text).toContain("READY");
  type("a");
  await expect(asked).resolves.toMatchObject({ approved: true });
});
