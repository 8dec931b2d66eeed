import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { hasCommand } from "../stories/story.ts";
import { byWork, callAtVault, hello, rawCall, req, rpcOf } from "../support/hostile-qube.ts";
import { waitFor } from "../support/qrexec/calling.ts";
import { type QubesWithPerson, startWithPerson } from "../support/qubes-terminal.ts";
import { root } from "../support/shared.ts";
import { payment } from "../support/signer.ts";

const needs: { suite: string; commands: string[] }[] = JSON.parse(
  readFileSync(`${root}test/needs.json`, "utf8"),
);
const { commands = [] } = needs.find(({ suite }) => suite === "test/qubes") ?? {};
const missing = commands.filter((command) => !hasCommand(command));

const running: QubesWithPerson[] = [];
afterEach(async () => {
  for (const qubes of running.splice(0)) await qubes.stop();
});

async function start(mode: "line" | "screen"): Promise<QubesWithPerson> {
  const qubes = await startWithPerson(mode);
  running.push(qubes);
  return qubes;
}

const sign = (fields: Record<string, unknown> = {}) =>
  rpcOf("account_signTransaction", [payment(fields)]);

/** How many questions were put on the screen so far. */
function questionsOn(screen: string): number {
  return screen.split("SIGN?").length - 1;
}

/** A person who rejects what is on the screen. */
async function reject({ terminal }: QubesWithPerson): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, limits.earlyInputMs + 100));
  terminal.press("no\r");
}

describe.skipIf(missing.length > 0)("a person in the vault", () => {
  test("sees one question, of the qube that dom0 names, and what it says of itself as a claim", async () => {
    const qubes = await start("line");
    const claims = {
      origin: 'qube personal, says dom0 (qubes.Clefsign+)"',
      host: "asked by      qube personal",
      userAgent: `${" ".repeat(88)}asked by      qube personal, says dom0`,
      remote: "personal",
    };
    rawCall(qubes, "work").say(`${hello}${req(1, sign(), { claims })}`);
    await qubes.terminal.appears("Type yes");
    const lines = qubes.terminal.screen.split(/\r?\n/);
    const askers = lines.filter((line) => /^ {2}asked by/.test(line));
    expect(askers.length).toBeGreaterThan(0);
    // Above a long question's prompt it stands once more.
    for (const line of askers) {
      expect(line).toMatch(/^ {2}asked by +qube work, says dom0 \(qubes\.Clefsign\+\)$/);
    }
    const naming = lines.filter((line) => line.includes("personal"));
    expect(naming.length).toBeGreaterThanOrEqual(4);
    // Whatever row of a claim it is in, it begins where no label does.
    for (const line of naming)
      expect(line).toMatch(/^( {2}claims (?:origin|to be|host|from) +"| {10,})/);
  });

  test("has ten questions of a qube at most, the other qube's is next, and no row of them", async () => {
    const qubes = await start("line");
    const work = rawCall(qubes, "work").say(hello);
    for (let number = 0; number < 14; number++)
      work.say(req(number, sign({ nonce: `0x${number}` })));
    for (const number of [10, 11, 12, 13]) {
      const { rpc } = await work.answer(number);
      expect(rpc?.error?.message).toContain("too many requests wait");
    }
    const personal = rawCall(qubes, "personal").say(`${hello}${req(1, sign())}`);
    await waitFor(
      () => personal.out.includes('"ack"'),
      () => "an ack",
    );
    expect(questionsOn(qubes.terminal.screen)).toBe(1);
    await reject(qubes);
    await qubes.terminal.appears("qube personal, says dom0");
    expect(questionsOn(qubes.terminal.screen)).toBe(2);
    await reject(qubes);
    expect((await personal.answer(1)).rpc?.error?.message).toBe("request denied");
  });

  test("who says no once has said it to all that are equal, also to those that come", async () => {
    const qubes = await start("line");
    const streams = [1, 2].map(() => rawCall(qubes, "work").say(hello));
    const numbers = [1, 2, 3, 4, 5, 6];
    for (const number of numbers) streams[number % 2]?.say(req(number, sign()));
    await qubes.terminal.appears("Type yes");
    await reject(qubes);
    for (const number of numbers) {
      const { rpc } = (await streams[number % 2]?.answer(number)) ?? {};
      expect(rpc?.error?.message).toBe("request denied");
    }
    streams[0]?.say(req(7, sign()));
    expect((await streams[0]?.answer(7))?.rpc?.error?.message).toBe("request denied");
    expect(questionsOn(qubes.terminal.screen)).toBe(1);
  });

  test("is asked no more often than the rate says, however many requests come and go", async () => {
    const qubes = await start("line");
    const work = callAtVault(qubes, `${byWork}${hello}`);
    const count = limits.qubeRate.count + 5;
    for (let number = 0; number < count; number++) {
      work.say(req(number, sign({ nonce: `0x${number.toString(16)}` })));
      const id = number.toString(16).padStart(32, "0");
      if (number < limits.qubeRate.count) {
        const asked = number + 1;
        await waitFor(
          () => questionsOn(qubes.terminal.screen) >= asked,
          () => `question ${asked}`,
        );
        work.say(`{"type":"cancel","id":"${id}"}\n`);
      }
      // One too many is answered at once, if it isn't taken back before.
      await work.answer(number);
    }
    const last = await work.answer(count - 1);
    expect(last.rpc?.error?.message).toBe("too many requests, try again later");
    expect(questionsOn(qubes.terminal.screen)).toBe(limits.qubeRate.count);
    const personal = rawCall(qubes, "personal").say(`${hello}${req(1, sign())}`);
    await qubes.terminal.appears("qube personal, says dom0");
    await reject(qubes);
    expect((await personal.answer(1)).rpc?.error?.message).toBe("request denied");
  });

  test("on the full screen keeps one question before the eyes while 2,000 requests come", async () => {
    const qubes = await start("screen");
    const honest = rawCall(qubes, "personal").say(`${hello}${req(1, sign())}`);
    await qubes.terminal.shows("qube personal, says dom0");
    const work = callAtVault(qubes, `${byWork}${hello}`);
    for (let number = 0; number < 2_000; number++) {
      work.say(req(number, sign({ nonce: `0x${number.toString(16)}` })));
    }
    await work.answer(1_999);
    await qubes.terminal.shows("question 1 of 11");
    await qubes.terminal.shows("qube personal, says dom0");
    expect(qubes.terminal.seen).not.toContain("qube work");
    qubes.terminal.press("r");
    expect((await honest.answer(1)).rpc?.error?.message).toBe("request denied");
    await qubes.terminal.shows("qube work, says dom0");
  });
});
