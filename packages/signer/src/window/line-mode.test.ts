import { describe, expect, test } from "vitest";
import { Queue } from "../approval/queue.ts";
import type { Window } from "../approval/window.ts";
import { Failure } from "../domain/failure.ts";
import { callerWith, FakeClock, failure, gate, hungUp, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";
import { account, hostileTexts, listingOf, never, reviewWith, transactionWith } from "./fakes.ts";
import type { Input } from "./input.ts";
import { lineWindow } from "./line-mode.ts";
import type { Screen } from "./screen.ts";

const critical = reviewWith({
  findings: [{ severity: "critical", message: "danger", source: "cleft" }],
});

/** A person who answers when the test says so. */
class FakePerson implements Input {
  readonly isTerminal = true;
  readonly asked: Parameters<Input["line"]>[0][] = [];
  private answers = [gate<string>()];

  line(rules: Parameters<Input["line"]>[0]): Promise<string> {
    this.asked.push(rules);
    return Promise.race([this.next().promise, withdrawn(rules.signal)]);
  }

  async secret(signal: AbortSignal): Promise<Secret> {
    const text = await Promise.race([this.next().promise, withdrawn(signal)]);
    return Secret.taking(Buffer.from(text));
  }

  /** Answers the question that is open, or the next one. */
  async type(text: string): Promise<void> {
    await settled();
    this.answers.at(-1)?.open(text);
    await settled();
  }

  private next() {
    const answer = gate<string>();
    this.answers.push(answer);
    return answer;
  }
}

function withdrawn(signal: AbortSignal): Promise<never> {
  if (signal === never) return new Promise(() => undefined);
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
}

function setUp() {
  const [person, clock] = [new FakePerson(), new FakeClock()];
  const log: string[] = [];
  let text = "";
  const screen: Screen = {
    medium: { columns: 80, rows: 1000, ascii: false },
    hold: () => void log.push("hold"),
    release: () => void log.push("release"),
    write: (more) => {
      text += more;
    },
  };
  const window = lineWindow({ input: person, screen, clock, armMs: limits.armMs });
  /** Waits until a yes counts, then answers. */
  const answer = async (word: string) => {
    await settled();
    clock.advance(limits.armMs);
    return person.type(word);
  };
  return { person, clock, window, log, answer, text: () => text };
}

describe("ask(), a transaction", () => {
  test("ask() prints a long question in parts, and others have a turn between them", async () => {
    const { window, answer, text } = setUp();
    const fields = Array.from({ length: 2000 }, (_, at) => ({
      ...{ label: `row ${at}`, value: "x", claim: false },
    }));
    const question = transactionWith({ review: reviewWith({ fields }) });
    const asked = window.ask.transaction(question, never);
    await Promise.resolve();
    expect(text()).toContain("row 0 ");
    expect(text()).not.toContain("row 1999 ");
    while (!text().includes("[no]: ")) await settled();
    expect(text()).toContain("row 1999 ");
    await answer("yes");
    await expect(asked).resolves.toMatchObject({ approved: true });
  });

  test("ask() is a yes to exactly the question, once it was there long enough", async () => {
    const { window, answer, text } = setUp();
    const asked = window.ask.transaction(transactionWith(), never);
    await answer("yes");
    await expect(asked).resolves.toEqual({
      approved: true,
      digest: "0xd1",
      transaction: undefined,
    });
    expect(text()).toContain("Send 1 ETH on Ethereum");
    expect(text()).toMatch(/anything else rejects \[no\]: Said yes\.\n$/);
  });

  test.each([-3_600_000, 3_600_000])(
    "ask() goes by no clock that somebody sets: by %i ms",
    async (by) => {
      const { window, person, clock, answer, text } = setUp();
      const asked = window.ask.transaction(transactionWith(), never);
      await settled();
      clock.set(by);
      await person.type("yes");
      expect(text()).toContain("faster than anybody reads");
      await answer("yes");
      await expect(asked).resolves.toMatchObject({ approved: true });
    },
  );

  test.each(["", "no", "y", "ye", "yess", "yes yes", "yes please", "approve", "ÿes", "yes\u0000"])(
    "ask() takes %j for a no",
    async (word) => {
      const { window, answer, text } = setUp();
      const asked = window.ask.transaction(transactionWith(), never);
      await answer(word);
      await expect(asked).resolves.toEqual({ approved: false });
      expect(text()).toMatch(/Rejected\.\n$/);
    },
  );

  test.each(["YES", " yes "])("ask() takes %j for a yes", async (word) => {
    const { window, answer } = setUp();
    const asked = window.ask.transaction(transactionWith(), never);
    await answer(word);
    await expect(asked).resolves.toMatchObject({ approved: true });
  });

  test("ask() asks again after a yes that was too early, and doesn't count it", async () => {
    const { window, person, clock, text } = setUp();
    const asked = window.ask.transaction(transactionWith(), never);
    clock.advance(limits.armMs - 1);
    await person.type("yes");
    expect(text()).toContain("faster than anybody reads");
    clock.advance(1);
    await person.type("no");
    await expect(asked).resolves.toEqual({ approved: false });
    expect(person.asked.map(({ dropMs }) => dropMs)).toEqual([limits.earlyInputMs, 0]);
  });

  test("ask() takes an early no at once", async () => {
    const { window, person } = setUp();
    const asked = window.ask.transaction(transactionWith(), never);
    await person.type("no");
    await expect(asked).resolves.toEqual({ approved: false });
  });
});

describe("ask(), something critical", () => {
  test.each([
    ["yes", false],
    ["yes cCcC", false],
    ["bBbB", false],
    ["yes bBb", false],
    ["yes bBbB", true],
    ["yes bbbb", true],
  ])("ask() takes %j for approved=%s", async (word, approved) => {
    const { window, answer, text } = setUp();
    const asked = window.ask.transaction(transactionWith({ review: critical }), never);
    await answer(word);
    await expect(asked).resolves.toMatchObject({ approved });
    expect(text()).toContain("This is CRITICAL");
  });

  test("ask() never shows at the prompt what is to be typed", async () => {
    const { window, answer, text, person } = setUp();
    const asked = window.ask.transaction(transactionWith({ review: critical }), never);
    await answer("no");
    await asked;
    expect(person.asked[0]?.expected).toEqual(["yes bBbB", "no"]);
    expect(text().slice(text().indexOf("This is CRITICAL"))).not.toContain("bBbB");
  });

  test("ask() says that a yes signs at once, as long as the account is unlocked", async () => {
    const { window, answer, text } = setUp();
    const unlocked = { account, caller: "any", until: 0, usesLeft: 1 };
    const asked = window.ask.transaction(transactionWith({ unlocked }), never);
    await answer("no");
    await asked;
    expect(text()).toContain("a yes signs at once, no password is asked.");
    const other = window.ask.transaction(transactionWith(), never);
    await answer("no");
    await other;
    expect(text().match(/signs at once/g)).toHaveLength(1);
  });

  test("ask() has no yes for a critical question without a confirmation", async () => {
    const { window, answer } = setUp();
    const review = { ...critical, confirmation: { text: "", at: "" } };
    const asked = window.ask.transaction(transactionWith({ review }), never);
    await answer("yes");
    await expect(asked).resolves.toEqual({ approved: false });
  });
});

describe("ask(), the rest", () => {
  test.each([
    ["yes", listingOf(2).accounts.map(({ address }) => address)],
    ["no", undefined],
  ])("ask() answers a listing after %s with %j", async (word, addresses) => {
    const { window, answer } = setUp();
    const asked = window.ask.listing(listingOf(2), never);
    await answer(word);
    await expect(asked).resolves.toEqual({ addresses });
  });

  test("ask() gives the password and names its account", async () => {
    const { window, person, text } = setUp();
    const asked = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await person.type("pass");
    const { password } = await asked;
    expect(password.use((bytes) => Buffer.from(bytes).toString())).toBe("pass");
    expect(text().toLowerCase()).toContain(account);
    expect(text()).not.toContain("pass\n");
  });

  test("ask() takes Escape instead of a password for a no", async () => {
    const { window, person } = setUp();
    person.secret = () => Promise.reject(new Failure("aborted", "no password was given"));
    const asked = window.ask.password({ account, signs: "transaction", attempt: 0 }, never);
    await expect(asked).rejects.toMatchObject(failure("request.denied"));
  });

  test("ask() says the place in the queue with the question, and nothing when more arrive", async () => {
    const { window, answer, text, clock } = setUp();
    const expiresAt = clock.now() + limits.questionMs;
    window.tell({ kind: "queue", waiting: 2, expiresAt });
    const asked = window.ask.listing(listingOf(1), never);
    await settled();
    const before = text();
    expect(before).toMatch(/Question 1 of 2, to be answered by \d\d:\d\d:\d\d/);
    window.tell({ kind: "queue", waiting: 3, expiresAt });
    expect(text()).toBe(before);
    await answer("no");
    await asked;
  });

  const withdrawals: readonly [string, (window: Window, gone: AbortSignal) => Promise<unknown>][] =
    [
      ["transaction", ({ ask }, gone) => ask.transaction(transactionWith(), gone)],
      ["listing", ({ ask }, gone) => ask.listing(listingOf(1), gone)],
      [
        "password",
        ({ ask }, gone) => ask.password({ account, signs: "transaction", attempt: 0 }, gone),
      ],
    ];
  test.each(withdrawals)(
    "ask() says that a %s was withdrawn, and releases the log",
    async (_, put) => {
      const { window, text, log } = setUp();
      const caller = new AbortController();
      const asked = put(window, caller.signal);
      await settled();
      expect(log).toEqual(["hold"]);
      caller.abort(hungUp);
      await expect(asked).rejects.toBe(hungUp);
      expect(text()).toMatch(/Withdrawn: the caller has gone\.\n$/);
      expect(log).toEqual(["hold", "release"]);
    },
  );

  test("ask() holds the log while a question is on the screen, not longer", async () => {
    const { window, answer, log } = setUp();
    const asked = window.ask.listing(listingOf(1), never);
    expect(log).toEqual(["hold"]);
    await answer("no");
    await asked;
    expect(log).toEqual(["hold", "release"]);
  });
});

test("ask() says that a question was withdrawn before the next one is on the screen", async () => {
  const { window, clock, answer, text } = setUp();
  const queue = new Queue(window, { clock, approvalMs: 60_000 });
  const caller = new AbortController();
  const turns = [caller.signal, never].map((signal) =>
    queue.turn({ caller: callerWith(), gone: signal }, (turn) =>
      turn.ask("transaction", transactionWith()),
    ),
  );
  const withdrawn = expect(turns[0]).rejects.toBe(hungUp);
  await settled();
  caller.abort(hungUp);
  await withdrawn;
  await answer("no");
  await turns[1];
  expect(text().match(/SIGN\?|Withdrawn|Rejected/g)).toEqual([
    "SIGN?",
    "Withdrawn",
    "SIGN?",
    "Rejected",
  ]);
});

test.each(hostileTexts)("tell() keeps a failure with %s on its line", (_, hostile) => {
  const { window, text } = setUp();
  window.tell({
    kind: "failed",
    about: "transaction",
    code: "vault.failed",
    text: hostile,
    agreed: true,
  });
  expect(text()).toMatch(/^Not signed: x[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\n$/u);
});
