import { describe, expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { answering, type FakeSigner, pauseMs, settle, world } from "./fakes.ts";

/** Two streams: the first one takes nothing, or nothing more; the second one answers. */
function leaving(act: (signer: FakeSigner) => void) {
  return world((signer, number) => {
    signer.greet();
    if (number > 1) answering(signer);
    else act(signer);
  });
}

describe("a signer that takes no more on a stream", () => {
  test("what it didn't take up is asked on another one, under the same id", async () => {
    const { call, clock, signers } = leaving((signer) =>
      signer.on((frame) => {
        if (frame.type === "req") signer.say({ type: "err", id: frame.id, code: "shutdown" });
      }),
    );
    const outcome = call();
    await settle();
    clock.pass(pauseMs);
    expect(await outcome).toContain("result");
    expect(signers.map(({ ids }) => ids.map(Number))).toEqual([[1], [1]]);
    expect(signers[0]?.input.writableEnded).toBe(true);
  });

  test("what it took up isn't asked again", async () => {
    const { call, signers } = leaving((signer) =>
      signer.on((frame) => {
        if (frame.type !== "req") return;
        signer.say({ type: "ack", id: frame.id });
        signer.say({ type: "err", id: frame.id, code: "shutdown" });
      }),
    );
    expect(await call()).toMatchObject({ code: "said.shutdown", status: 200 });
    expect(signers).toHaveLength(1);
  });

  test("what it took up is still answered, and the next call goes to another one at once", async () => {
    const { call, signers } = leaving((signer) =>
      signer.on((frame) => {
        if (frame.type === "req") signer.say({ type: "ack", id: frame.id });
      }),
    );
    const first = call();
    await settle();
    const [signer] = signers;
    signer?.say({ type: "bye" });
    await settle();
    expect(await call()).toContain("result");
    expect(signer?.input.writableEnded).toBe(false);
    signer?.say({ type: "res", id: signer.ids[0] ?? "", rpc: "1" });
    expect(await first).toBe("1");
    await settle();
    expect(signer?.input.writableEnded).toBe(true);
    signer?.exit(0);
    expect(await call()).toContain("result");
    expect(signers).toHaveLength(2);
  });

  test("one that never takes anything is asked three times, with pauses", async () => {
    const { call, clock, signers } = world((signer) => {
      signer.greet();
      signer.say({ type: "bye" });
      signer.on((frame) => {
        if (frame.type === "req") signer.say({ type: "err", id: frame.id, code: "shutdown" });
      });
    });
    const outcome = call();
    await settle();
    expect(signers).toHaveLength(1);
    for (let tries = 0; tries < 5; tries++) {
      clock.pass(limits.backOffMsMax);
      await settle();
    }
    expect(await outcome).toMatchObject({ code: "said.shutdown" });
    expect(signers).toHaveLength(3);
  });
});
