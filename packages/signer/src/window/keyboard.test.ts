import { EventEmitter } from "node:events";
import type { ReadStream } from "node:tty";
import { describe, expect, test } from "vitest";
import { FakeClock, failure, hungUp, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { never } from "./fakes.ts";
import { Keyboard } from "./keyboard.ts";

const [ctrlC, ctrlD, ctrlU, esc, backspace] = ["\u0003", "\u0004", "\u0015", "\u001b", "\u007f"];

const nothing = () => undefined;

/** The terminal's side of the keyboard. */
class FakeTty extends EventEmitter {
  isRaw = false;
  readonly modes: boolean[] = [];
  isPaused = true;
  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
    this.modes.push(isRaw);
  }
  resume(): void {
    this.isPaused = false;
  }
  pause(): void {
    this.isPaused = true;
  }
}

function setUp() {
  const tty = new FakeTty();
  const clock = new FakeClock();
  let echoed = "";
  const calls: string[] = [];
  const continued = new Set<() => void>();
  const keyboard = new Keyboard({
    input: tty as unknown as ReadStream,
    clock,
    echo: (text) => {
      echoed += text;
    },
    onInterrupt: () => calls.push("interrupt"),
    onLost: () => calls.push("lost"),
    onContinue: (callback) => {
      continued.add(callback);
      return () => void continued.delete(callback);
    },
  });
  const press = (keys: string) => tty.emit("data", Buffer.from(keys));
  const type = (keys: string) => [...keys].forEach(press);
  const ask = (dropMs = 0, signal = never) =>
    keyboard.line({ expected: ["yes", "no"], dropMs, signal });
  const goOn = () => {
    for (const callback of continued) callback();
  };
  return { tty, clock, calls, keyboard, press, type, ask, goOn, continued, echoed: () => echoed };
}

describe("Keyboard.line()", () => {
  test("line() gives what was typed up to Enter and echoes it if it is expected", async () => {
    const { type, ask, echoed } = setUp();
    const line = ask();
    type("yes\r");
    await expect(line).resolves.toBe("yes");
    expect(echoed()).toBe("yes\r\n");
  });

  test.each([
    ["a password", "hunter2hunter2\r", "hunter2hunter2", "\r\n"],
    ["a password that begins alike", "yellow\r", "yellow", "ye\r\n"],
    ["more than expected", "yes!\r", "yes!", "yes\r\n"],
    ["a control that is pasted", "y\u009b2J\r", "y\u009b2J", "y\r\n"],
  ])("line() echoes of %s only what continues the expected text", async (_, keys, text, shown) => {
    const { type, ask, echoed } = setUp();
    const line = ask();
    type(keys);
    await expect(line).resolves.toBe(text);
    expect(echoed()).toBe(shown);
  });

  test.each([
    ["backspace", `yex${backspace}s\r`, "yes", "yes\r\n"],
    ["backspace over what is shown", `ye${backspace}es\r`, "yes", "ye\b \bes\r\n"],
    ["backspace on an empty line", `${backspace}yes\r`, "yes", "yes\r\n"],
    ["Ctrl-U", `ye${ctrlU}yes\n`, "yes", "ye\b \b\b \byes\r\n"],
    ["Tab and other controls", "y\te\u0001s\r", "yes", "yes\r\n"],
    ["Ctrl-D for Enter", `yes${ctrlD}`, "yes", "yes\r\n"],
  ])("line() understands %s", async (_, keys, text, shown) => {
    const { type, ask, echoed } = setUp();
    const line = ask();
    type(keys);
    await expect(line).resolves.toBe(text);
    expect(echoed()).toBe(shown);
  });

  test("line() drops what was typed before it was asked, Enter included", async () => {
    const { type, press, ask, clock, echoed } = setUp();
    type("yes\r");
    const line = ask(limits.earlyInputMs);
    press("yes\r");
    clock.advance(limits.earlyInputMs - 1);
    type("yes\r");
    clock.advance(1);
    type("no\r");
    await expect(line).resolves.toBe("no");
    expect(echoed()).toBe("no\r\n");
  });

  test("line() drops an early Escape as it drops any early key", async () => {
    const { press, ask } = setUp();
    const line = ask(limits.earlyInputMs);
    press(esc);
    expect(await Promise.race([line, settled()])).toBeUndefined();
  });

  test("line() ends empty on Escape", async () => {
    const { type, ask } = setUp();
    const line = ask();
    type(`yes${esc}`);
    await expect(line).resolves.toBe("");
  });

  test("line() ignores esc sequences and whatever came with them", async () => {
    const { press, ask, echoed } = setUp();
    const line = ask();
    for (const keys of ["\u001b[A", "\u001bOP", "\u001b[3~", "\u001b[200~yes\r", "ye\u001b[Cno\r"])
      press(keys);
    press("s\r");
    await expect(line).resolves.toBe("yes");
    expect(echoed()).toBe("yes\r\n");
  });

  test("line() leaves what comes behind Enter to nobody", async () => {
    const { press, ask } = setUp();
    const first = ask();
    press("no\ryes\r");
    await expect(first).resolves.toBe("no");
    const second = ask();
    press("n\r");
    await expect(second).resolves.toBe("n");
  });

  test("line() ends with the reason when it is withdrawn, and the next one works", async () => {
    const { type, ask } = setUp();
    const caller = new AbortController();
    const line = ask(0, caller.signal);
    type("ye");
    caller.abort(hungUp);
    await expect(line).rejects.toBe(hungUp);
    await expect(ask(0, caller.signal)).rejects.toBe(hungUp);
    const next = ask();
    type("s\r");
    await expect(next).resolves.toBe("s");
  });
});

describe("Keyboard.secret()", () => {
  test("secret() echoes nothing, not even its length", async () => {
    const { type, keyboard, echoed } = setUp();
    const secret = keyboard.secret(never);
    type(`pässx${backspace}word\r`);
    expect((await secret).use((bytes) => Buffer.from(bytes).toString())).toBe("pässword");
    expect(echoed()).toBe("\r\n");
  });

  test("secret() begins anew on Escape and Ctrl-U", async () => {
    const { type, keyboard } = setUp();
    const secret = keyboard.secret(never);
    type(`wrong${esc}worse${ctrlU}right\r`);
    expect((await secret).use((bytes) => Buffer.from(bytes).toString())).toBe("right");
  });

  test("secret() is refused by Escape when nothing was typed", async () => {
    const { type, keyboard } = setUp();
    const secret = keyboard.secret(never);
    type(`x${backspace}${esc}`);
    await expect(secret).rejects.toMatchObject(failure("aborted", "no password was given"));
  });

  test("secret() leaves nothing in the terminal's chunk", async () => {
    const { tty, keyboard } = setUp();
    const secret = keyboard.secret(never);
    const chunk = Buffer.from("password\r");
    tty.emit("data", chunk);
    expect((await secret).use(({ length }) => length)).toBe(8);
    expect(chunk).toEqual(Buffer.alloc(9));
  });
});

describe("Keyboard.listen()", () => {
  test("listen() gives every key to the listener alone, and none after its end", () => {
    const { press, keyboard, echoed, calls } = setUp();
    const keys: string[] = [];
    const stop = keyboard.listen((key) => void keys.push(key), nothing);
    press("a");
    press("\u001b[A");
    press(ctrlC);
    stop();
    press("b");
    expect([keys, calls, echoed()]).toEqual([["text", "up"], ["interrupt"], ""]);
  });

  test("listen() leaves nothing in the terminal's chunk", () => {
    const { tty, keyboard } = setUp();
    keyboard.listen(nothing, nothing);
    const chunk = Buffer.from("password\r");
    tty.emit("data", chunk);
    expect(chunk).toEqual(Buffer.alloc(9));
  });
});

describe("Keyboard", () => {
  test("Keyboard is raw from the beginning until close()", () => {
    const { tty, keyboard } = setUp();
    expect([tty.isRaw, tty.isPaused]).toEqual([true, false]);
    keyboard.close();
    expect([tty.isRaw, tty.isPaused]).toEqual([false, true]);
  });

  test("Keyboard interrupts on Ctrl-C, whether it is asked or not", () => {
    const { press, ask, calls } = setUp();
    press(ctrlC);
    ask().catch(() => undefined);
    press(ctrlC);
    expect(calls).toEqual(["interrupt", "interrupt"]);
  });

  test.each(["end", "error"])(
    "Keyboard is lost on %s, once, and so is whatever is asked",
    async (event) => {
      const { tty, ask, calls, keyboard } = setUp();
      const line = ask();
      tty.emit(event, new Error("EIO"));
      await expect(line).rejects.toMatchObject(failure("window.lost"));
      tty.emit("end");
      await expect(ask()).rejects.toMatchObject(failure("window.lost"));
      await expect(keyboard.secret(never)).rejects.toMatchObject(failure("window.lost"));
      expect(calls).toEqual(["lost"]);
    },
  );
});

describe("Keyboard after a stop", () => {
  test("Keyboard sets raw mode again when it goes on, until close()", () => {
    const { tty, keyboard, goOn, continued } = setUp();
    goOn();
    expect(tty.modes).toEqual([true, false, true]);
    keyboard.close();
    expect([tty.isRaw, continued.size]).toEqual([false, 0]);
  });

  test("Keyboard drops a half-typed secret when it goes on, and asks for it again", async () => {
    const { type, keyboard, goOn, echoed } = setUp();
    const secret = keyboard.secret(never);
    type("pass");
    goOn();
    type("password\r");
    expect((await secret).use((bytes) => Buffer.from(bytes).toString())).toBe("password");
    expect(echoed()).toBe("\r\nType it again (nothing is shown while you type): \r\n");
  });

  test("Keyboard drops half an answer when it goes on", async () => {
    const { type, ask, goOn, echoed } = setUp();
    const line = ask();
    type("ye");
    goOn();
    type("no\r");
    await expect(line).resolves.toBe("no");
    expect(echoed()).toBe("ye\r\nType your answer again: no\r\n");
  });

  test("Keyboard tells its listener alone that it goes on, and nobody after its end", () => {
    const { keyboard, goOn, echoed } = setUp();
    const calls: string[] = [];
    const stop = keyboard.listen(nothing, () => calls.push("on"));
    goOn();
    stop();
    goOn();
    expect([calls, echoed()]).toEqual([["on"], ""]);
  });

  test("Keyboard leaves a terminal alone that is gone", () => {
    const { tty, goOn } = setUp();
    tty.emit("end");
    goOn();
    expect(tty.modes).toEqual([true]);
  });
});
