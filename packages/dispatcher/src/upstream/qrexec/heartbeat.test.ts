import { describe, expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { settle, world } from "./fakes.ts";

describe("a heartbeat", () => {
  test("a ping is answered, and one is sent every 30 seconds", async () => {
    const { call, clock, signers } = world((signer) => signer.greet());
    call();
    await settle();
    const [signer] = signers;
    signer?.say({ type: "ping" });
    await settle();
    expect(signer?.frames.at(-1)).toEqual({ type: "pong" });
    clock.pass(limits.pingMs);
    await settle();
    expect(signer?.frames.at(-1)).toEqual({ type: "ping" });
  });

  test("no pong to two pings: the stream is dead, and what was acknowledged unknown", async () => {
    const { call, clock, signers } = world((signer) => signer.greet());
    const [acked, sent] = [call(), call()];
    await settle();
    const [signer] = signers;
    signer?.say({ type: "ack", id: signer.ids[0] ?? "" });
    await settle();
    clock.pass(3 * limits.pingMs);
    expect(await acked).toMatchObject({ code: "outcome.unknown" });
    expect(await sent).toMatchObject({ code: "signer.silent", status: 504 });
    expect(signer?.isKilled).toBe(true);
  });

  test("a signer that pongs may take its time, and an idle stream is closed", async () => {
    const { call, clock, signers } = world((signer) => {
      signer.greet();
      signer.on((frame) => {
        if (frame.type === "ping") signer.say({ type: "pong" });
      });
    });
    const outcome = call();
    await settle();
    const [signer] = signers;
    for (let beats = 0; beats < 40; beats++) {
      clock.pass(limits.pingMs);
      await settle();
    }
    expect(signer?.input.writableEnded).toBe(false);
    signer?.say({ type: "res", id: signer.ids[0] ?? "", rpc: "1" });
    expect(await outcome).toBe("1");
    for (let beats = 0; beats < 18; beats++) {
      clock.pass(limits.pingMs);
      await settle();
    }
    expect(signer?.input.writableEnded).toBe(true);
    signer?.exit(0);
    await settle();
    clock.pass(limits.endMs);
    expect(clock.waiting).toBe(0);
  });
});

test("a stream that is old is closed once nothing is open on it, however busy it was", async () => {
  const { call, clock, signers } = world((signer) => {
    signer.greet();
    signer.on((frame) => {
      if (frame.type === "ping") signer.say({ type: "pong" });
      if (frame.type === "req") signer.say({ type: "res", id: frame.id, rpc: "1" });
    });
  });
  const isClosed = () => signers[0]?.input.writableEnded === true;
  const minutes = limits.lifeMs / 60_000;
  for (let minute = 0; minute < minutes; minute++) {
    await call();
    expect(isClosed()).toBe(false);
    clock.pass(60_000);
    await settle();
  }
  expect(isClosed()).toBe(true);
});
