import { describe, expect, test } from "vitest";
import { nameOf } from "../domain/caller.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { addressOf, callerWith, failure, gate, hungUp } from "../domain/fakes.ts";
import { cliqueHeader } from "../signable/fakes.ts";
import { secretOf, testPassword } from "../vault/fakes.ts";
import { daemonWith, signText } from "./fakes.ts";

type Daemon = Awaited<ReturnType<typeof daemonWith>>;

describe("handle() once a signature is under way", () => {
  /** Whoever waits is told why it ends; the vault can't be stopped any more. */
  const ends: readonly [string, FailureCode, (daemon: Daemon) => void][] = [
    ["the caller hung up", "request.withdrawn", ({ caller }) => caller.abort(hungUp)],
    [
      "the signer was locked",
      "signer.locked",
      ({ lifecycle, queue }) => {
        lifecycle.lock();
        queue.lock(new Failure("signer.locked", "locked"));
      },
    ],
    ["the question expired", "request.expired", ({ clock }) => clock.advance(60_000)],
    ["the signer is ending", "signer.draining", ({ queue }) => queue.close()],
  ];

  test.each(ends)(
    "handle() withholds it if %s, and records that none left",
    async (_, code, end) => {
      const [begun, finish] = [gate(), gate()];
      const work = async () => {
        begun.open();
        await finish.promise;
      };
      const daemon = await daemonWith({ work });
      const reply = daemon.ask(signText);
      const refused = expect(reply).rejects.toMatchObject(failure(code));
      await begun.promise;
      end(daemon);
      finish.open();
      await refused;
      expect(daemon.signed).toHaveLength(1);
      expect(await daemon.records()).toMatchObject([
        { type: "intent", request: "r1" },
        { type: "outcome", request: "r1", signed: false, failure: code },
      ]);
      expect(daemon.window.told.at(-1)).toMatchObject({ kind: "failed", code, agreed: true });
      expect(daemon.window.told.map(({ kind }) => kind)).not.toContain("signed-data");
    },
  );

  test("handle() gives it out to who still waits, after its outcome", async () => {
    const daemon = await daemonWith();
    const signature = `0x${"1".repeat(64)}${"2".repeat(64)}1b`;
    expect(await daemon.ask(signText)).toBe(signature);
    expect(await daemon.records()).toMatchObject([
      { type: "intent" },
      { type: "outcome", signed: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    ]);
    expect(daemon.window.told).toMatchObject([{ kind: "signed-data" }]);
  });
});

test("handle() signs one of two headers of a block that were approved before either was signed", async () => {
  const passwords = [testPassword, testPassword, testPassword];
  const daemon = await daemonWith({ passwords });
  const seal = (extra: string) =>
    daemon
      .ask({ method: "account_signData", message: cliqueHeader(extra) })
      .catch((error) => error);
  const answers = await Promise.all(["0xaa", "0xbb", "0xaa"].map(seal));
  expect(answers).toEqual([
    expect.stringMatching(/^0x/),
    expect.objectContaining(failure("request.changed", "there is more to be shown")),
    expect.stringMatching(/^0x/),
  ]);
  expect(daemon.signed).toHaveLength(2);
});

describe("handle() with an account that is unlocked", () => {
  const grant = {
    account: addressOf("a"),
    caller: nameOf(callerWith().identity),
    forMs: 1000,
    uses: 2,
  };
  const unlock = async ({ vault }: Daemon) => {
    await vault.unlock(grant, secretOf(testPassword));
  };

  test("handle() tells who is asked that no password comes, and asks for none", async () => {
    const daemon = await daemonWith();
    await unlock(daemon);
    await daemon.ask(signText);
    expect(daemon.window.questions).toMatchObject([{ unlocked: { usesLeft: 2 } }]);
    expect(daemon.window.asked).toEqual([]);
  });

  test("handle() asks for the password that was announced, unlocked meanwhile or not", async () => {
    const daemon = await daemonWith();
    daemon.window.meanwhile = () => unlock(daemon);
    await daemon.ask(signText);
    expect(daemon.window.questions).toMatchObject([{ unlocked: undefined }]);
    expect(daemon.window.asked).toHaveLength(1);
    expect(daemon.vault.unlocked()).toMatchObject([{ usesLeft: 2 }]);
  });

  test("handle() goes on asking for the password once it did, unlocked again or not", async () => {
    const daemon = await daemonWith({ passwords: ["wrong", testPassword] });
    await unlock(daemon);
    daemon.window.meanwhile = async () => daemon.vault.lock();
    daemon.window.whilePassword = () => unlock(daemon);
    await daemon.ask(signText);
    expect(daemon.window.asked).toHaveLength(2);
  });

  test("handle() asks for the password after all if it isn't unlocked any more", async () => {
    const daemon = await daemonWith();
    await unlock(daemon);
    daemon.window.meanwhile = async () => daemon.vault.lock();
    await daemon.ask(signText);
    expect(daemon.window.asked).toHaveLength(1);
  });
});

describe("handle() with a wrong password", () => {
  const outcomeOf = (request: string, signed: unknown) => ({ type: "outcome", request, signed });
  const wrong = failure("password.wrong");

  test("handle() lets a person try again, and writes each try down as one of its own", async () => {
    const daemon = await daemonWith({ passwords: ["slip", testPassword] });
    await expect(daemon.ask(signText)).resolves.toMatch(/^0x/);
    expect(daemon.window.asked).toMatchObject([{ attempt: 0 }, { attempt: 1 }]);
    expect(await daemon.records()).toMatchObject([
      { type: "intent", request: "r1" },
      { ...outcomeOf("r1", false), failure: "password.wrong" },
      { type: "intent", request: "r1/2" },
      outcomeOf("r1/2", expect.stringMatching(/^0x/)),
    ]);
    expect(daemon.signed).toEqual(["r1/2"]);
    expect(daemon.window.told).toMatchObject([
      { kind: "complaint", text: "wrong password, 2 tries left" },
      { kind: "signed-data" },
    ]);
    expect(daemon.log.lines).toEqual(["warn Not signed, asking again"]);
  });

  test("handle() ends it after the last try", async () => {
    const daemon = await daemonWith({ passwords: ["1", "2", "3", testPassword] });
    await expect(daemon.ask(signText)).rejects.toMatchObject(wrong);
    expect(daemon.signed).toEqual([]);
    const ends = (await daemon.records()).filter((_, at) => at % 2 === 1);
    expect(ends).toMatchObject(["r1", "r1/2", "r1/3"].map((request) => outcomeOf(request, false)));
    expect(daemon.window.told.map(({ kind }) => kind)).toEqual([
      "complaint",
      "complaint",
      "failed",
    ]);
  });

  test("handle() lets a program try once, as Clef", async () => {
    const daemon = await daemonWith({ answeredBy: "program", passwords: ["1", testPassword] });
    await expect(daemon.ask(signText)).rejects.toMatchObject(wrong);
    expect(await daemon.records()).toMatchObject([{ type: "intent" }, outcomeOf("r1", false)]);
    expect(daemon.window.told).toMatchObject([{ kind: "failed", code: "password.wrong" }]);
  });

  test("handle() takes Escape at the next try for a no", async () => {
    const daemon = await daemonWith({ passwords: ["slip"] });
    await expect(daemon.ask(signText)).rejects.toMatchObject(failure("request.denied"));
    expect((await daemon.records()).at(-1)).toMatchObject({
      type: "refusal",
      request: "r1/2",
      failure: "request.denied",
    });
  });

  test("handle() signs nothing once the signer was locked between two tries", async () => {
    const daemon = await daemonWith({ passwords: ["slip", testPassword] });
    const { window, lifecycle } = daemon;
    const tell = window.tell.bind(window);
    window.tell = (notice) => {
      if (notice.kind === "complaint") lifecycle.lock();
      tell(notice);
    };
    // The lock alone, without the queue, which would not even ask.
    await expect(daemon.ask(signText)).rejects.toMatchObject(failure("request.expired"));
    expect(daemon.signed).toEqual([]);
  });

  test("handle() tries again after nothing but a wrong password", async () => {
    const work = () => Promise.reject(new Failure("vault.failed", "hung"));
    const daemon = await daemonWith({ passwords: [testPassword, testPassword], work });
    await expect(daemon.ask(signText)).rejects.toMatchObject(failure("vault.failed"));
    expect(daemon.window.asked).toHaveLength(1);
  });
});
