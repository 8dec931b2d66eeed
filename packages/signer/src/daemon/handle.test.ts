import { describe, expect, test } from "vitest";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { failure, gate, hungUp } from "../domain/fakes.ts";
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
      expect(daemon.window.told).toMatchObject([{ kind: "failed", code, agreed: true }]);
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
