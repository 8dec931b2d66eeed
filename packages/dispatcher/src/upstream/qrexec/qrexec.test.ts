import { encodeJsonValue } from "@cleft/protocol/json.ts";
import { describe, expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { answering, claims, rpc, settle, world } from "./fakes.ts";

describe("one stream", () => {
  test("call() opens one stream for many calls and returns their replies", async () => {
    const { call, signers } = world((signer) => {
      answering(signer);
      signer.greet();
    });
    const replies = await Promise.all([call(), call(), call()]);
    expect(replies).toEqual(Array(3).fill('{"jsonrpc":"2.0","id":1,"result":1}'));
    await call();
    expect(signers).toHaveLength(1);
    const [hello, first] = signers[0]?.frames ?? [];
    expect(hello).toEqual({ type: "hello", version: 1, client: "test/1" });
    expect(first).toMatchObject({ type: "req", claims });
    expect(first?.type === "req" && encodeJsonValue(first.rpc)).toBe(encodeJsonValue(rpc));
  });

  test("call() sends nothing before the signer's hello", async () => {
    const { call, signers } = world(() => undefined);
    call();
    await settle();
    expect(signers[0]?.frames).toHaveLength(1);
    signers[0]?.greet();
    await settle();
    expect(signers[0]?.ids).toHaveLength(1);
  });

  test("call() keeps back what the signer doesn't serve at once, in order", async () => {
    const { call, signers } = world((signer) => signer.greet({ inflight: 2 }));
    for (let count = 0; count < 4; count++) call();
    await settle();
    const [signer] = signers;
    expect(signer?.ids).toHaveLength(2);
    signer?.say({ type: "res", id: signer.ids[1] ?? "", rpc: "1" });
    await settle();
    expect(signer?.ids.map(Number)).toEqual([1, 2, 3]);
  });

  test("call() refuses when too many wait", async () => {
    const { call } = world(() => undefined);
    for (let count = 0; count < limits.waitingMax; count++) call();
    expect(await call()).toMatchObject({ code: "queue.full" });
  });

  test("call() returns nothing for notifications", async () => {
    const { call } = world((signer) => {
      signer.greet();
      signer.on((frame) => {
        if (frame.type === "req") signer.say({ type: "res", id: frame.id, rpc: undefined });
      });
    });
    expect(await call()).toBeUndefined();
  });

  test("call() refuses what is longer than the signer takes", async () => {
    const { call } = world((signer) => signer.greet({ max: 10 }));
    expect(await call()).toMatchObject({ code: "request.long", status: 413 });
  });

  test.each(["busy", "too_large", "bad_frame", "unknown"] as const)(
    "an error %s of the signer is a failure with status 200",
    async (code) => {
      const { call } = world((signer) => {
        signer.greet();
        signer.on((frame) => {
          if (frame.type === "req") signer.say({ type: "err", id: frame.id, code });
        });
      });
      expect(await call()).toMatchObject({ code: `said.${code}`, status: 200 });
    },
  );
});

describe("hanging up", () => {
  test("an abort cancels what was sent, and only that", async () => {
    const { call, signers } = world((signer) => signer.greet());
    const gone = new AbortController();
    const [mine, other] = [call(gone.signal), call()];
    await settle();
    gone.abort();
    expect(await mine).toMatchObject({ code: "request.withdrawn" });
    await settle();
    const [signer] = signers;
    const [first = "", second = ""] = signer?.ids ?? [];
    expect(signer?.frames.at(-1)).toEqual({ type: "cancel", id: first });
    signer?.say({ type: "res", id: first, rpc: "1" });
    signer?.say({ type: "res", id: second, rpc: "2" });
    expect(await other).toBe("2");
  });

  test("an abort forgets what still waits, and nothing is said of it", async () => {
    const { call, signers } = world((signer) => signer.greet({ inflight: 1 }));
    const gone = new AbortController();
    call();
    const mine = call(gone.signal);
    await settle();
    gone.abort();
    expect(await mine).toMatchObject({ code: "request.withdrawn" });
    const [signer] = signers;
    signer?.say({ type: "res", id: signer.ids[0] ?? "", rpc: "1" });
    await settle();
    expect(signer?.frames.map(({ type }) => type)).toEqual(["hello", "req"]);
  });
});

test("close() ends the stream, kills a client that stays, and lets nobody wait", async () => {
  const { qrexec, call, clock, signers } = world((signer) => signer.greet({ inflight: 1 }));
  const [sent, waiting] = [call(), call()];
  await settle();
  const closed = qrexec.close();
  expect(await waiting).toMatchObject({ code: "dispatcher.stopping" });
  clock.pass(limits.endMs);
  expect(signers[0]?.isKilled).toBe(true);
  signers[0]?.end({ kind: "killed", by: "SIGKILL", stderr: "" });
  await closed;
  expect(await sent).toMatchObject({ code: "qrexec.killed" });
  expect(await call()).toMatchObject({ code: "dispatcher.stopping" });
});
