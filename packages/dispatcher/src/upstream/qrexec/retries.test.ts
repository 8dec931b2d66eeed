import { describe, expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { answering, pauseMs, settle, world } from "./fakes.ts";

describe("a stream that ends", () => {
  test.each([
    [1, "Data vchan connection failed"],
    [125, ""],
    [127, ""],
    [255, ""],
  ])(
    "with %i (%s) before an acknowledgement: the same id is sent again, twice at most",
    async (code, stderr) => {
      const { call, clock, signers } = world((signer) => {
        signer.greet();
        signer.on((frame) => {
          if (frame.type === "req") signer.exit(code, stderr);
        });
      });
      const outcome = call();
      for (let tries = 0; tries < 5; tries++) {
        await settle();
        clock.pass(limits.backOffMsMax);
      }
      expect(await outcome).toMatchObject({
        message: expect.stringContaining(`exit code ${code}`),
      });
      expect(signers.map(({ ids }) => ids.map(Number))).toEqual([[1], [1], [1]]);
    },
  );

  test.each([0, 1, 2, 126, 137])("with %i: nothing is sent again", async (code) => {
    const { call, signers } = world((signer) => {
      signer.greet();
      signer.on((frame) => {
        if (frame.type === "req") signer.exit(code);
      });
    });
    expect(await call()).toMatchObject({ message: expect.stringContaining(`exit code ${code}`) });
    expect(signers).toHaveLength(1);
  });

  test.each([0, 1, 2, 125, 126, 127, 137, 255])(
    "with %i after an acknowledgement: the outcome is unknown and nothing is sent again",
    async (code) => {
      const { call, clock, signers } = world((signer) => {
        signer.greet();
        signer.on((frame) => {
          if (frame.type !== "req") return;
          signer.say({ type: "ack", id: frame.id });
          setImmediate(() => setImmediate(() => signer.exit(code)));
        });
      });
      expect(await call()).toMatchObject({ code: "outcome.unknown", status: 502 });
      clock.pass(60_000);
      await settle();
      expect(signers).toHaveLength(1);
    },
  );

  test("call() waits for a pause between 250 and 1000 ms, and succeeds on the new stream", async () => {
    const { call, clock, signers } = world((signer, number) => {
      if (number === 1) return signer.exit(125);
      answering(signer);
      signer.greet();
    });
    const outcome = call();
    await settle();
    clock.pass(pauseMs - 1);
    await settle();
    expect(signers).toHaveLength(1);
    clock.pass(1);
    expect(await outcome).toContain("result");
  });

  test("call() fails those who wait after three streams that couldn't be opened", async () => {
    const { call, clock, signers } = world((signer) => signer.exit(127));
    const outcomes = Promise.all([call(), call()]);
    for (let tries = 0; tries < 3; tries++) {
      await settle();
      clock.pass(limits.backOffMsMax);
    }
    const missing = { code: "qrexec.missing", status: 502 };
    expect(await outcomes).toMatchObject([missing, missing]);
    expect(signers).toHaveLength(3);
    // From now on one try each, and never faster than the longest pause.
    const late = call();
    await settle();
    expect(signers).toHaveLength(4);
    expect(await late).toMatchObject(missing);
    call();
    call();
    await settle();
    expect(signers).toHaveLength(4);
    clock.pass(limits.backOffMsMax);
    await settle();
    expect(signers).toHaveLength(5);
  });

  test("a no of dom0 is told at once and remembered for a moment: nobody is asked again", async () => {
    const { call, clock, signers } = world((signer) => signer.exit(126, "Request refused"));
    expect(await call()).toMatchObject({ code: "qrexec.denied", status: 403 });
    expect(await call()).toMatchObject({ code: "qrexec.denied" });
    expect(signers).toHaveLength(1);
    clock.pass(limits.deniedMs);
    expect(await call()).toMatchObject({ code: "qrexec.denied" });
    expect(signers).toHaveLength(2);
  });

  test("an idle one that the signer closed is no failure: the next call opens another at once", async () => {
    const { call, signers } = world((signer) => {
      answering(signer);
      signer.greet();
    });
    await call();
    signers[0]?.exit(0);
    await settle();
    expect(await call()).toContain("result");
    expect(signers).toHaveLength(2);
  });

  test("what hadn't been sent goes to the next stream, also past 0", async () => {
    const { call, clock } = world((signer, number) => {
      signer.greet({ inflight: 1 });
      if (number > 1) answering(signer);
      else
        signer.on((frame) => {
          if (frame.type === "req") signer.exit(0);
        });
    });
    const [sent, waiting] = [call(), call()];
    expect(await sent).toMatchObject({ code: "qrexec.closed" });
    await settle();
    clock.pass(pauseMs);
    expect(await waiting).toContain("result");
  });

  test("an end of the output closes the input, so that the client program goes", async () => {
    const { call, signers } = world((signer) => signer.greet());
    call();
    await settle();
    signers[0]?.output.end();
    await settle();
    expect(signers[0]?.input.writableEnded).toBe(true);
  });
});
