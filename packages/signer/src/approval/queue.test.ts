import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import {
  addressOf,
  callerWith,
  FakeClock,
  failure,
  gate,
  hungUp,
  settled,
  socketCaller,
} from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";
import { type Asker, Queue, type Turn } from "./queue.ts";
import type { Answers, Notice, Window } from "./window.ts";

const until = (gone: AbortSignal): Asker => ({ caller: callerWith(), gone });
const never = until(new AbortController().signal);
/** The `at`th of any number of other callers. */
const other = (at: number): Asker => ({
  ...never,
  caller: { ...socketCaller, identity: { kind: "socket", name: `${at}` } },
});
const approvalMs = 60_000;
/** What one caller alone may hold. */
const share = limits.questionsMax / 2;
const question = { account: addressOf("a"), signs: "transaction", attempt: 0 } as const;

/** A window whose questions stay open until the test answers them. */
class FakeWindow implements Window {
  readonly answeredBy: Window["answeredBy"];
  readonly open: { readonly signal: AbortSignal; readonly answer: () => void }[] = [];
  readonly told: Notice[] = [];

  constructor(answeredBy: Window["answeredBy"]) {
    this.answeredBy = answeredBy;
  }

  readonly ask: Window["ask"] = {
    transaction: () => Promise.reject(new Error("not asked")),
    data: () => Promise.reject(new Error("not asked")),
    listing: () => Promise.reject(new Error("not asked")),
    newAccount: () => Promise.reject(new Error("not asked")),
    newPassword: () => Promise.reject(new Error("not asked")),
    password: (_question, signal) => {
      const { promise, open } = gate<Answers["password"]>();
      const answer = { password: Secret.taking(new Uint8Array(1)) };
      this.open.push({ signal, answer: () => open(answer) });
      return promise;
    },
  };

  readonly places: Notice[] = [];

  tell(notice: Notice): void {
    (notice.kind === "queue" ? this.places : this.told).push(notice);
  }
}

function setUp(answeredBy: Window["answeredBy"] = "person") {
  const window = new FakeWindow(answeredBy);
  const clock = new FakeClock();
  return { window, clock, queue: new Queue(window, { clock, approvalMs }) };
}

const askOnce = (turn: Turn) => turn.ask("password", question);

describe("Queue.turn()", () => {
  test("turn() shows a person one question at a time, in the order of asking", async () => {
    const { window, queue } = setUp();
    const done: number[] = [];
    const turns = [1, 2, 3].map((at) => queue.turn(never, askOnce).then(() => done.push(at)));
    for (const at of [1, 2, 3]) {
      await settled();
      expect(window.open).toHaveLength(at);
      window.open[at - 1]?.answer();
    }
    await Promise.all(turns);
    expect(done).toEqual([1, 2, 3]);
  });

  test("turn() keeps one request's questions together", async () => {
    const { window, queue } = setUp();
    const first = queue.turn(never, async (turn) => [await askOnce(turn), await askOnce(turn)]);
    const second = queue.turn(never, async () => expect(window.open).toHaveLength(2));
    for (const at of [0, 1]) {
      await settled();
      window.open[at]?.answer();
    }
    await Promise.all([first, second]);
  });

  test("turn() gives a program all questions at once", async () => {
    const { window, queue } = setUp("program");
    const turns = [1, 2, 3].map(() => queue.turn(never, askOnce));
    await settled();
    expect(window.open).toHaveLength(3);
    for (const { answer } of window.open.toReversed()) answer();
    await expect(Promise.all(turns)).resolves.toHaveLength(3);
  });

  test.each(["person", "program"] as const)(
    "turn() refuses one too many for a %s, and has room again",
    async (by) => {
      const { window, queue } = setUp(by);
      const turns = Array.from({ length: share }, () => queue.turn(never, askOnce));
      await expect(queue.turn(never, askOnce)).rejects.toMatchObject(failure("queue.full"));
      await settled();
      window.open[0]?.answer();
      await turns[0];
      queue.turn(never, askOnce).catch(() => undefined);
      queue.close();
      const results = await Promise.allSettled(turns);
      expect(results.filter(({ status }) => status === "rejected")).toHaveLength(turns.length - 1);
    },
  );

  test("turn() keeps the last place for a caller who has none", async () => {
    const { window, queue } = setUp("program");
    const ended: Promise<unknown>[] = [];
    const flood = (asker: Asker) => {
      for (let tries = 0; tries < limits.questionsMax; tries++) {
        ended.push(queue.turn(asker, askOnce).catch(() => undefined));
      }
      return settled().then(() => window.open.length);
    };
    const taken: number[] = [];
    for (let at = 0; at < 5; at++) taken.push(await flood(other(at)));
    expect(taken).toEqual([10, 15, 18, 19, 20]);
    window.open[0]?.answer();
    await settled();
    for (let at = 0; at < 5; at++) expect(await flood(other(at))).toBe(20);
    expect(await flood(other(5))).toBe(21);
    queue.close();
    await Promise.all(ended);
  });

  test("turn() has a person answer callers in turns, however many one of them asks", async () => {
    const { window, queue } = setUp();
    const done: string[] = [];
    const ask = (asker: Asker, name: string) =>
      queue.turn(asker, askOnce).then(() => done.push(name));
    const turns = [
      ...["a1", "a2", "a3"].map((name) => ask(never, name)),
      ...["b1", "b2"].map((name) => ask(other(1), name)),
      ask(other(2), "c1"),
    ];
    for (let at = 0; at < turns.length; at++) {
      await settled();
      window.open[at]?.answer();
    }
    await Promise.all(turns);
    expect(done).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
  });

  test("turn() passes on what the holder throws, and the next one comes", async () => {
    const { queue } = setUp();
    const bug = new Error("bug");
    await expect(queue.turn(never, () => Promise.reject(bug))).rejects.toBe(bug);
    await expect(queue.turn(never, async () => "next")).resolves.toBe("next");
  });

  test("turn() lets go of its timer in the end", async () => {
    const { clock, queue } = setUp();
    await queue.turn(never, async () => undefined);
    await queue.turn(never, () => Promise.reject(hungUp)).catch(() => undefined);
    expect(clock.waiting).toBe(0);
  });
});

describe("Queue.turn(), withdrawn", () => {
  const ways: readonly [string, ReturnType<typeof failure>, (by: Withdraw) => void][] = [
    ["the caller hangs up", failure("request.withdrawn"), ({ caller }) => caller.abort(hungUp)],
    ["nobody answers in time", failure("request.expired"), (by) => by.clock.advance(approvalMs)],
    ["the signer shuts down", failure("signer.draining"), ({ queue }) => queue.close()],
  ];
  interface Withdraw {
    readonly caller: AbortController;
    readonly clock: FakeClock;
    readonly queue: Queue;
  }

  test.each(ways)("ask() is a no when %s, and the window is told", async (_, reason, withdraw) => {
    const { window, clock, queue } = setUp();
    const caller = new AbortController();
    const turn = queue.turn(until(caller.signal), askOnce);
    await settled();
    withdraw({ caller, clock, queue });
    await expect(turn).rejects.toMatchObject(reason);
    expect(window.open[0]?.signal.aborted).toBe(true);
  });

  test.each(ways)("turn() never begins when %s before its turn", async (_, reason, withdraw) => {
    const { window, clock, queue } = setUp();
    const caller = new AbortController();
    const first = queue.turn(never, askOnce).catch(() => undefined);
    const second = queue.turn(until(caller.signal), () => expect.unreachable());
    await settled();
    withdraw({ caller, clock, queue });
    await expect(second).rejects.toMatchObject(reason);
    window.open[0]?.answer();
    await first;
  });

  test("turn() still waits for the one before when the one between was withdrawn", async () => {
    const { window, queue } = setUp();
    const caller = new AbortController();
    const first = queue.turn(never, askOnce);
    const second = queue.turn(until(caller.signal), askOnce);
    const third = queue.turn(never, askOnce);
    caller.abort(hungUp);
    await expect(second).rejects.toBe(hungUp);
    await settled();
    expect(window.open).toHaveLength(1);
    window.open[0]?.answer();
    await first;
    await settled();
    window.open[1]?.answer();
    await third;
  });

  test.each(ways)("check() and ask() throw once %s", async (_, reason, withdraw) => {
    const { clock, queue, window } = setUp();
    const caller = new AbortController();
    await queue.turn(until(caller.signal), async (turn) => {
      turn.check();
      withdraw({ caller, clock, queue });
      expect(() => turn.check()).toThrow(expect.objectContaining(reason));
      await expect(askOnce(turn)).rejects.toMatchObject(reason);
    });
    expect(window.open).toHaveLength(0);
  });

  test("close() refuses whatever comes later", async () => {
    for (const by of ["person", "program"] as const) {
      const { queue } = setUp(by);
      queue.close();
      await expect(queue.turn(never, askOnce)).rejects.toMatchObject(failure("signer.draining"));
    }
  });
});

test("tell() passes notices on, inside a turn and outside", async () => {
  const { window, queue } = setUp();
  const notice = { kind: "complaint", text: "x" } as const;
  queue.tell(notice);
  await queue.turn(never, async (turn) => turn.tell(notice));
  expect(window.told).toEqual([notice, notice]);
  expect(queue.decider).toBe("person");
});

test("turn() tells a person's window how many wait and when the shown one expires", async () => {
  const { window, queue, clock } = setUp();
  const expiresAt = clock.now() + approvalMs;
  const first = queue.turn(never, askOnce);
  const second = queue.turn(never, async () => undefined);
  await settled();
  expect(window.places.at(-1)).toEqual({ kind: "queue", waiting: 2, expiresAt });
  window.open[0]?.answer();
  await Promise.all([first, second]);
  const over = { kind: "queue", waiting: 0, expiresAt: undefined };
  expect(window.places.at(-1)).toEqual(over);
});

test("turn() tells a program nothing of the queue", async () => {
  const { window, queue } = setUp("program");
  await queue.turn(never, async () => undefined);
  expect(window.places).toEqual([]);
});

test("lock() refuses what waits and whatever comes, until unlock()", async () => {
  const { window, queue } = setUp();
  const waiting = queue.turn(never, askOnce);
  const refused = expect(waiting).rejects.toMatchObject(failure("signer.locked"));
  await settled();
  queue.lock(new Failure("signer.locked", "locked"));
  queue.lock(new Failure("signer.locked", "locked"));
  await refused;
  await expect(queue.turn(never, askOnce)).rejects.toMatchObject(failure("signer.locked"));
  queue.unlock();
  queue.unlock();
  expect(window.told).toEqual([
    { kind: "lock", locked: true },
    { kind: "lock", locked: false },
  ]);
  const asked = queue.turn(never, askOnce);
  await settled();
  window.open.at(-1)?.answer();
  await expect(asked).resolves.toBeDefined();
});

test("turn() leaves nothing behind at a caller who stays connected", async () => {
  const { signal } = new AbortController();
  const window = new FakeWindow("person");
  const queue = new Queue(window, { clock: new FakeClock(), approvalMs });
  const asked = queue.turn(until(signal), (turn) => turn.ask("password", question));
  await settled();
  expect(getEventListeners(signal, "abort").length).toBeGreaterThan(0);
  window.open[0]?.answer();
  await asked;
  await settled();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
