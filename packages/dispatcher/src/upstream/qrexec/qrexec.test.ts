import { encodeJsonValue, type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { describe, expect, test } from "vitest";
import { FakeClock } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { answering, type FakeSigner, opening, settle } from "./fakes.ts";
import { Qrexec } from "./qrexec.ts";

const claims = { origin: "", host: "localhost", userAgent: "test", remote: "" };
const rpc: JsonValue = parseJson('{"jsonrpc":"2.0","id":1,"method":"x"}', limits.json);

function world(act: (signer: FakeSigner, number: number) => void) {
  const clock = new FakeClock();
  const { open, signers } = opening(act);
  let ids = 0;
  const qrexec = new Qrexec({
    name: "qrexec test",
    client: "test/1",
    open,
    clock,
    random: () => 0.5,
    newId: () => String(++ids).padStart(32, "0"),
    opened: () => undefined,
  });
  const call = (signal = new AbortController().signal) => {
    const outcome = qrexec.call({ rpc, claims }, signal).catch((error: unknown) => error);
    return outcome;
  };
  return { qrexec, clock, signers, call };
}

/** A pause before a retry, with the middle number drawn. */
const pauseMs = (limits.retryMs.min + limits.retryMs.max) / 2;

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

test("a signer that has too many calls is asked again in a moment", async () => {
  const { call, clock, signers } = world((signer, number) => {
    const busy = '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"why"}}\n';
    if (number === 4) signer.greet();
    if (number === 4) answering(signer);
    else signer.output.write(busy);
  });
  const outcome = call();
  for (let tries = 0; tries < 3; tries++) {
    await settle();
    clock.pass(limits.backOffMsMax);
  }
  expect(await outcome).toMatchObject({ code: "signer.busy", status: 503, message: "why" });
  expect(signers).toHaveLength(3);
  expect(await call()).toContain("result");
});

test("a signer that doesn't let this qube in is told as that, and remembered like a no of dom0", async () => {
  const { call, signers } = world((signer) => {
    signer.output.write('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"why"}}\n');
  });
  expect(await call()).toMatchObject({ code: "qrexec.refused", status: 403, message: "why" });
  expect(await call()).toMatchObject({ code: "qrexec.refused" });
  expect(signers).toHaveLength(1);
});

describe("what isn't a signer", () => {
  test.each([
    ["no JSON", "SSH-2.0\n"],
    ["another version", '{"clefq":2,"qube":"","profile":"","max":1,"inflight":1}\n'],
    ["no hello", '{"type":"ack","id":"00000000000000000000000000000001","state":"pending"}\n'],
    ["an unknown frame", '{"type":"sign"}\n'],
  ])("%s: the stream is cut and the caller told", async (_, text) => {
    const { call, signers } = world((signer) => void signer.output.write(text));
    expect(await call()).toMatchObject({ code: "qrexec.strange", status: 502 });
    expect(signers[0]?.isKilled).toBe(true);
  });

  test("an endless line: the stream is cut", async () => {
    const { call } = world((signer) => {
      signer.output.write(Buffer.alloc(limits.replyBytesMax + 1, "x"));
    });
    expect(await call()).toMatchObject({ code: "qrexec.strange" });
  });
});

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
