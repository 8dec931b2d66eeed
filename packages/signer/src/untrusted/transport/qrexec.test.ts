import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import { encodeJsonValue, JsonNumber } from "@cleft/protocol/json.ts";
import { rpcCode } from "@cleft/protocol/rpc.ts";
import { afterEach, describe, expect, it } from "vitest";
import { FakeClock, FakeLog, gate } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { RefusalLog } from "../../domain/refusal-log.ts";
import { qrexecTransport } from "./qrexec.ts";
import type { Serve } from "./transport.ts";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Served = Parameters<Serve>[0];

/** A transport on a clock that stands still, and what it served. */
async function setUp(serve: (request: Served) => Promise<string | undefined> = async () => "{}\n") {
  const folder = mkdtempSync(join(tmpdir(), "cleft-qrexec-"));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const clock = new FakeClock();
  const log = new FakeLog();
  const bugs: unknown[] = [];
  const refusals = new RefusalLog({ log, clock });
  const served: Served[] = [];
  const settings = {
    path: join(folder, "s"),
    folderSetting: "the test",
    admit: ({ profile }: { profile: string }) =>
      profile.startsWith("unknown") ? undefined : { label: "red" as const },
  };
  const transport = qrexecTransport(settings, {
    clock,
    log,
    refusals,
    recorded: () => false,
    onBug: (bug) => void bugs.push(bug),
  });
  const path = await transport.open((request) => {
    served.push(request);
    return serve(request);
  });
  cleanups.push(() => transport.close());
  return { clock, log, served, transport, call: (text?: string) => callAt(path, text) };
}

/** One call: what is written is what qrexec and the caller say. */
async function callAt(path: string, text = "") {
  const socket = connect({ path, allowHalfOpen: true });
  let received = "";
  let ended = false;
  for (const event of ["end", "close"]) {
    socket.once(event, () => {
      ended = true;
    });
  }
  socket.setEncoding("utf8").on("data", (more: string) => {
    received += more;
  });
  socket.on("error", () => undefined);
  cleanups.push(() => void socket.destroy());
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return {
    socket,
    received: () => received,
    ended: () => ended,
    lines: () => received.split("\n").filter((line) => line !== ""),
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error("it never happened");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const work = "qubes.Clefsign+ work\0";
const hello = encodeClientFrame({ type: "hello", version: 1, client: "test/1.0" });
const idOf = (at: number) => at.toString(16).padStart(32, "0");
const claims = { origin: "https://a.example", host: "localhost", userAgent: "t", remote: "r" };

function req(at: number, method = "account_version"): string {
  const rpc = new Map([["method", method]]);
  return encodeClientFrame({ type: "req", id: idOf(at), rpc, claims });
}

/** Writes in pieces of `size` bytes, each in its own packet if possible. */
async function trickle(socket: Socket, text: string, size: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("the descriptor", () => {
  it.each([
    ["none", '{"jsonrpc":"2.0"}'],
    ["an empty one", "\0{}"],
    ["of another service", "qubes.GetDate+ work\0{}"],
    ["without a plus", "qubes.Clefsign work\0{}"],
    ["without a qube", "qubes.Clefsign+ \0{}"],
    ["with two qubes", "qubes.Clefsign+ work personal\0{}"],
    ["with a newline", "qubes.Clefsign+ work\n\0{}"],
    ["too long", `qubes.Clefsign+${"a".repeat(500)}`],
    ["too long, with its end", `qubes.Clefsign+ ${"a".repeat(400)}\0{}`],
    ["said twice", `${work}qubes.Clefsign+ personal\0{}`],
    ["said twice before a stream", `${work}qubes.Clefsign+ personal\0${hello}`],
    ["and a zero in the request", `${work}{"a":"\0"}`],
  ])("%s: the call gets nothing", async (_, text) => {
    const { call, served } = await setUp();
    const { socket, received, ended } = await call(text);
    socket.end();
    await until(ended);
    expect(received()).toBe("");
    expect(served).toEqual([]);
  });

  it.each([
    ["", []],
    ["x", ["warn A call without a valid qrexec descriptor was dropped"]],
  ])("%j and nothing more is told to the operator as %j", async (text, lines) => {
    const { call, log } = await setUp();
    const { socket, ended } = await call(text);
    socket.end();
    await until(ended);
    expect(log.lines).toEqual(lines);
  });

  it("may be split and joined with what follows", async () => {
    for (const size of [1, 7, 21, 22, 1000]) {
      const { call, served } = await setUp();
      const { socket, received, ended } = await call();
      await trickle(socket, `${work}{"id":1}`, size);
      socket.end();
      await until(ended);
      expect(received()).toBe("{}\n");
      expect(served[0]?.caller.identity).toEqual({
        kind: "qube",
        service: "qubes.Clefsign",
        profile: "",
        qube: "work",
      });
    }
  });

  it("has to come in time", async () => {
    const { call, clock, served } = await setUp();
    const { ended } = await call("qubes.Clefsign+");
    await until(() => clock.waiting > 0);
    clock.advance(limits.descriptorMs);
    await until(ended);
    expect(served).toEqual([]);
  });

  it("of a profile that nobody has set up is told so", async () => {
    const { call, served } = await setUp();
    const { received, ended } = await call("qubes.Clefsign+unknown work\0{}");
    await until(ended);
    expect(received()).toMatch(/^\{"jsonrpc":"2.0","id":null,"error":\{.*profile"\}\}\n$/);
    expect(served).toEqual([]);
  });
});

describe("a one-shot call", () => {
  it("is served at the end of its request, claims nothing and ends with the answer", async () => {
    const { call, served } = await setUp(async () => '{"result":1}\n');
    const { socket, received, ended } = await call(`${work}{ "id": 0,\n "method": "x"}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(served).toEqual([]);
    socket.end("\n");
    await until(ended);
    expect(received()).toBe('{"result":1}\n');
    expect(served[0]?.caller.claims).toEqual({ remote: "", host: "", origin: "", userAgent: "" });
    expect(served[0]?.frame).toBeUndefined();
  });

  it("has to be complete in time", async () => {
    const { call, clock, served } = await setUp();
    const { socket, ended } = await call(`${work}{"id":`);
    for (let at = 0; at < 10; at++) {
      await until(() => clock.waiting > 0);
      await new Promise((resolve) => setTimeout(resolve, 10));
      clock.advance(limits.qrexecReadMs / 10);
      socket.write(" ");
    }
    await until(ended);
    expect(served).toEqual([]);
  });

  it("may not be longer than a body", async () => {
    const { call, served } = await setUp();
    const { socket, received, ended } = await call(work);
    socket.write(`[${" ".repeat(limits.bodyBytesMax)}`);
    await until(ended);
    expect(received()).toContain('"code":-32700');
    expect(served).toEqual([]);
  });

  it("is withdrawn when its caller hangs up after the request", async () => {
    const { call, clock, served } = await setUp(() => new Promise(() => undefined));
    const { socket } = await call(`${work}{}`);
    socket.end();
    await until(() => served.length === 1);
    expect(served[0]?.signal.aborted).toBe(false);
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.advance(limits.halfOpenProbeMs);
    await until(() => served[0]?.signal.aborted === true);
  });
});

describe("a stream", () => {
  it("answers its hello with who is heard", async () => {
    const { call } = await setUp();
    const { lines } = await call(`qubes.EthSign+defi work\0${hello}`);
    await until(() => lines().length === 1);
    expect(JSON.parse(lines()[0] ?? "")).toEqual({
      clefq: 1,
      qube: "work",
      profile: "defi",
      max: clefqLimits.frameBytesMax,
      inflight: clefqLimits.inflight,
    });
  });

  it("ends after the hello of another version", async () => {
    const { call } = await setUp();
    const { lines, ended } = await call(`${work}{"clefq":2,"client":"x"}\n`);
    await until(ended);
    expect(lines()).toHaveLength(1);
  });

  it("acknowledges a request, then answers it, however it is cut", async () => {
    for (const size of [1, 50, 10_000]) {
      const { call, served } = await setUp(async () => '{"result":"6.1.0"}\n');
      const { socket, lines } = await call();
      await trickle(socket, `${work}${hello}${req(1)}${req(2)}`, size);
      await until(() => lines().length === 5);
      expect(lines().slice(1).sort()).toEqual([
        ...[1, 2].map((at) => `{"type":"ack","id":"${idOf(at)}","state":"pending"}`),
        ...[1, 2].map((at) => `{"type":"res","id":"${idOf(at)}","rpc":{"result":"6.1.0"}}`),
      ]);
      expect(served.map(({ frame }) => frame)).toEqual([idOf(1), idOf(2)]);
      expect(served[0]?.caller.claims).toEqual(claims);
    }
  });

  it("gives numbers on as they were written", async () => {
    const { call, served } = await setUp();
    const { socket } = await call(`${work}${hello}`);
    const rpc = new Map([["value", new JsonNumber("9007199254740993")]]);
    socket.write(encodeClientFrame({ type: "req", id: idOf(1), rpc, claims }));
    await until(() => served.length === 1);
    const body = served[0]?.untrustedBody;
    expect(body !== undefined && "json" in body && encodeJsonValue(body.json)).toBe(
      '{"value":9007199254740993}',
    );
  });

  it("answers out of order", async () => {
    const held = gate<string>();
    const { call, served } = await setUp(({ frame }) =>
      frame === idOf(1) ? held.promise : Promise.resolve('"2"\n'),
    );
    const { lines } = await call(`${work}${hello}${req(1)}${req(2)}`);
    await until(() => lines().some((line) => line.endsWith('"rpc":"2"}')));
    held.open('"1"\n');
    await until(() => lines().some((line) => line.endsWith('"rpc":"1"}')));
    expect(served).toHaveLength(2);
  });

  it("serves one id once, also over another stream of the same qube, and not for another qube", async () => {
    const { call, served } = await setUp();
    const first = await call(`${work}${hello}${req(1)}`);
    await until(() => first.lines().length === 3);
    const second = await call(`${work}${hello}${req(1)}`);
    await until(() => second.lines().length === 3);
    expect(second.lines()[2]).toBe(first.lines()[2]);
    expect(served).toHaveLength(1);
    const other = await call(`qubes.Clefsign+ personal\0${hello}${req(1)}`);
    await until(() => other.lines().length === 3);
    expect(served).toHaveLength(2);
  });

  it("refuses another request under the same id", async () => {
    const { call, served } = await setUp();
    const { lines } = await call(`${work}${hello}${req(1)}`);
    await until(() => lines().length === 3);
    const second = await call(`${work}${hello}${req(1, "account_list")}`);
    await until(() => second.lines().length === 3);
    expect(second.lines()[2]).toContain('"err":{"code":"bad_frame"}');
    expect(served).toHaveLength(1);
  });

  it("withdraws what is cancelled, and everything when it ends", async () => {
    const { call, served } = await setUp(() => new Promise(() => undefined));
    const { socket } = await call(`${work}${hello}${req(1)}${req(2)}`);
    await until(() => served.length === 2);
    socket.write(encodeClientFrame({ type: "cancel", id: idOf(1) }));
    await until(() => served[0]?.signal.aborted === true);
    expect(served[1]?.signal.aborted).toBe(false);
    socket.end();
    await until(() => served[1]?.signal.aborted === true);
  });

  it("takes no more requests at once than it said, hears what comes behind them, and refuses a flood", async () => {
    const { call, served } = await setUp(() => new Promise(() => undefined));
    const { inflight } = clefqLimits;
    const count = inflight + limits.streamWaitingMax;
    const all = Array.from({ length: count + 2 }, (_, at) => req(at));
    const { socket, lines } = await call(`${work}${hello}${all.join("")}`);
    await until(() => lines().filter((line) => line.includes('"busy"')).length === 2);
    expect(served).toHaveLength(inflight);
    const cancelled = [0, inflight, inflight + 1].map((at) =>
      encodeClientFrame({ type: "cancel", id: idOf(at) }),
    );
    socket.write(`${cancelled.join("")}{"type":"ping"}\n`);
    await until(() => lines().at(-1) === '{"type":"pong"}');
    expect(served[0]?.signal.aborted).toBe(true);
    expect(served[1]?.signal.aborted).toBe(false);
  });

  it("serves what waited in its turn", async () => {
    const held: (() => void)[] = [];
    const { call, served } = await setUp(
      () => new Promise((resolve) => held.push(() => resolve("{}\n"))),
    );
    const { inflight } = clefqLimits;
    const all = Array.from({ length: inflight + 2 }, (_, at) => req(at));
    await call(`${work}${hello}${all.join("")}`);
    await until(() => served.length === inflight);
    held[5]?.();
    await until(() => served.length === inflight + 1);
    expect(served.at(-1)?.frame).toBe(idOf(inflight));
  });

  it("serves nothing more for who has gone, and leaves nothing behind", async () => {
    const answers: (() => void)[] = [];
    const { call, clock, served } = await setUp(
      () => new Promise((resolve) => answers.push(() => resolve("{}\n"))),
    );
    const all = Array.from({ length: clefqLimits.inflight + 20 }, (_, at) => req(at));
    const { socket } = await call(`${work}${hello}${all.join("")}{"type":"pi`);
    await until(() => served.length === clefqLimits.inflight);
    socket.destroy();
    await until(() => served.every(({ signal }) => signal.aborted));
    for (const answer of answers) answer();
    await until(() => clock.waiting === 0);
    expect(served).toHaveLength(clefqLimits.inflight);
  });

  it("refuses another request under an id that is open", async () => {
    const { call, served } = await setUp(() => new Promise(() => undefined));
    const { lines } = await call(`${work}${hello}${req(1)}${req(1)}${req(1, "account_list")}`);
    await until(() => lines().length === 4);
    expect(lines().slice(2)).toEqual([
      `{"type":"ack","id":"${idOf(1)}","state":"pending"}`,
      `{"type":"res","id":"${idOf(1)}","err":{"code":"bad_frame"}}`,
    ]);
    expect(served).toHaveLength(1);
  });

  it.each([
    ["no JSON", "oops\n"],
    ["half JSON", '{"type":\n}'],
    ["a second hello", hello],
    ["a frame that isn't known", '{"type":"sign"}\n'],
    ["a field that isn't known", '{"type":"ping","qube":"personal"}\n'],
    ["a cancel without an id", '{"type":"cancel"}\n'],
    ["a frame that is too long", `{"type":"${"x".repeat(clefqLimits.frameBytesMax)}"}\n`],
  ])("ends after %s, once what is open is answered", async (_, text) => {
    const held = gate<string>();
    const { call, served } = await setUp(() => held.promise);
    const { lines, ended } = await call(`${work}${hello}${req(1)}${text}${req(2)}`);
    await until(() => served.length === 1);
    const shutdown = `{"type":"res","id":"${idOf(2)}","err":{"code":"shutdown"}}`;
    await until(() => lines()[2] === shutdown);
    held.open("{}\n");
    await until(ended);
    expect(lines()[3]).toContain('"rpc":{}');
    expect(served).toHaveLength(1);
  });

  it("ends when its first frame is no hello", async () => {
    const { call, served } = await setUp();
    const { socket, ended } = await call(`${work}${req(1)}`);
    socket.end();
    await until(ended);
    // It is taken for a one-shot request, which the envelope refuses.
    expect(served[0]?.frame).toBeUndefined();
  });

  it("tells a request that can't be read so, and goes on", async () => {
    const { call, served } = await setUp();
    const bad = `{"type":"req","id":"${idOf(1)}","rpc":{},"claims":{"qube":"personal"}}\n`;
    const { lines } = await call(`${work}${hello}${bad}${req(2)}`);
    await until(() => lines().length === 4);
    expect(lines()[1]).toBe(`{"type":"res","id":"${idOf(1)}","err":{"code":"bad_frame"}}`);
    expect(served).toHaveLength(1);
  });

  it("cuts off a frame that trickles", async () => {
    const { call, clock } = await setUp();
    const { socket, lines, ended } = await call(`${work}${hello}`);
    await until(() => lines().length === 1);
    const waiting = clock.waiting;
    socket.write('{"type":');
    await until(() => clock.waiting > waiting);
    for (let at = 0; at < 10; at++) {
      clock.advance(limits.qrexecReadMs / 10);
      socket.write(" ");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(ended);
  });

  it("pings, answers pings, and ends when it is idle for long or old", async () => {
    const { call, clock } = await setUp();
    const { socket, lines, ended } = await call(`${work}${hello}`);
    await until(() => lines().length === 1);
    clock.advance(clefqLimits.pingMs);
    await until(() => lines()[1] === '{"type":"ping"}');
    socket.write('{"type":"pong"}\n{"type":"ping"}\n');
    await until(() => lines()[2] === '{"type":"pong"}');
    clock.advance(limits.streamIdleMs);
    await until(() => lines().includes('{"type":"bye"}'));
    socket.end();
    await until(ended);
  });

  it("that is old ends with its last answer", async () => {
    const held = gate<string>();
    const { call, clock, served } = await setUp(() => held.promise);
    const { lines, ended } = await call(`${work}${hello}${req(1)}`);
    await until(() => served.length === 1);
    clock.advance(limits.streamLifeMs);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ended()).toBe(false);
    held.open("{}\n");
    await until(() => lines().at(-1)?.includes('"rpc":{}') === true);
    clock.advance(limits.drainMs);
    await until(ended);
  });

  it("that takes no more says so, and to each request that comes all the same", async () => {
    const held = gate<string>();
    const { call, clock, served } = await setUp(() => held.promise);
    const { socket, lines, ended } = await call(`${work}${hello}${req(1)}`);
    await until(() => served.length === 1);
    clock.advance(limits.streamLifeMs);
    await until(() => lines().at(-1) === '{"type":"bye"}');
    const shutdown = (at: number) => `{"type":"res","id":"${idOf(at)}","err":{"code":"shutdown"}}`;
    socket.write(req(2));
    await until(() => lines().at(-1) === shutdown(2));
    held.open("{}\n");
    await until(() => lines().at(-1)?.includes('"rpc":{}') === true);
    // One that was on its way when the last answer left.
    socket.write(req(3));
    await until(() => lines().at(-1) === shutdown(3));
    expect(served).toHaveLength(1);
    socket.end();
    await until(ended);
  });

  it("is cut off by a bug of the signer", async () => {
    const { call } = await setUp(() => Promise.reject(new TypeError("bug")));
    const { ended } = await call(`${work}${hello}${req(1)}`);
    await until(ended);
  });
});

describe("many calls", () => {
  it("of one qube: an idle one makes room, a busy one doesn't, other qubes aren't disturbed", async () => {
    const { call, served } = await setUp(() => new Promise(() => undefined));
    const other = await call(`qubes.Clefsign+ personal\0${hello}`);
    await until(() => other.lines().length === 1);
    const calls: Awaited<ReturnType<typeof call>>[] = [];
    for (let at = 0; at < limits.qubeCallsMax; at++) {
      const one = await call(`${work}${hello}`);
      await until(() => one.lines().length === 1);
      calls.push(one);
    }
    const next = await call(`${work}${hello}${req(1)}`);
    await until(() => calls[0]?.ended() === true && served.length === 1);
    expect(calls.filter((one) => one.ended())).toHaveLength(1);
    for (const [at, one] of calls.slice(1).entries()) one.socket.write(req(at + 2));
    await until(() => served.length === limits.qubeCallsMax);
    const refused = await call(`${work}${hello}`);
    await until(refused.ended);
    expect(JSON.parse(refused.received())).toMatchObject({
      error: { code: rpcCode.limitExceeded, message: expect.stringContaining("too many calls") },
    });
    expect(next.ended()).toBe(false);
    expect(other.ended()).toBe(false);
  });

  it.each([
    ["requests", "{", "}"],
    ["frames", `${hello}${req(1).slice(0, 20)}`, req(1).slice(20)],
  ])("of one qube: %s that are still being read are no idle calls", async (_, first, rest) => {
    const { call, served } = await setUp();
    const begun: Awaited<ReturnType<typeof call>>[] = [];
    for (let at = 0; at < limits.qubeCallsMax; at++) begun.push(await call(`${work}${first}`));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = await call(`${work}{}`);
    await until(next.ended);
    expect(next.received()).toContain("too many calls");
    expect(begun.some((one) => one.ended())).toBe(false);
    for (const { socket } of begun) socket.write(rest);
    if (rest === "}") for (const { socket } of begun) socket.end();
    await until(() => begun.every((one) => one.received().includes("{}")));
    expect(served.length).toBeGreaterThan(0);
  });

  it("at once: a hundred of one qube shut no other one out", async () => {
    const { call } = await setUp();
    const many = Promise.all(Array.from({ length: 128 }, () => call(`${work}{`)));
    const other = await call(`qubes.Clefsign+ personal\0${hello}`);
    await until(() => other.lines().length === 1);
    await many;
  });

  it("of one qube: an answer that is on its way is no idle call, and who doesn't read it goes", async () => {
    const long = `"${"x".repeat(3_000_000)}"\n`;
    const { call, clock, served } = await setUp(async ({ frame }) => (frame ? long : "{}\n"));
    for (let at = 0; at < limits.qubeCallsMax; at++) {
      const one = await call();
      one.socket.pause();
      one.socket.write(`${work}${hello}${req(at)}`);
    }
    await until(() => served.length === limits.qubeCallsMax);
    const refused = await call(`${work}{}`);
    await until(refused.ended);
    expect(refused.received()).toContain("too many calls");
    clock.advance(limits.streamLifeMs);
    clock.advance(limits.drainMs);
    clock.advance(limits.drainMs);
    const next = await call(`${work}{}`);
    next.socket.end();
    await until(next.ended);
    expect(next.received()).toBe("{}\n");
  });

  it("of one qube: a one-shot answer that nobody reads doesn't hold its place for ever", async () => {
    const long = `"${"x".repeat(3_000_000)}"\n`;
    const { call, clock, served } = await setUp(async () => long);
    for (let at = 0; at < limits.qubeCallsMax; at++) {
      const { socket } = await call();
      socket.pause();
      socket.end(`${work}{}`);
    }
    await until(() => served.length === limits.qubeCallsMax);
    await new Promise((resolve) => setTimeout(resolve, 30));
    clock.advance(limits.drainMs);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const next = await call(`${work}{}`);
    next.socket.end();
    await until(next.ended);
    expect(next.received()).toBe(long);
  });

  it("that are refused are told of, whatever their profile, so many times", async () => {
    const { call, log } = await setUp();
    for (let at = 0; at < limits.refusalLinesMax + 3; at++) {
      const one = await call(`qubes.Clefsign+unknown${at} work\0{}`);
      await until(one.ended);
    }
    expect(log.fields[0]).toMatchObject({ caller: "qube:work", profile: "unknown0" });
    expect(log.lines).toHaveLength(limits.refusalLinesMax + 1);
  });

  it("close() lets what is open be answered, and cuts who takes too long", async () => {
    const { call, clock, served, transport } = await setUp(() => new Promise(() => undefined));
    const { lines } = await call(`${work}${hello}${req(1)}`);
    const idle = await call(`${work}${hello}`);
    const unnamed = await call("qubes.");
    await until(() => served.length === 1 && lines().length === 2);
    const closed = transport.close();
    await until(() => idle.lines()[1] === '{"type":"bye"}' && unnamed.ended());
    idle.socket.end();
    await until(idle.ended);
    expect(served[0]?.signal.aborted).toBe(false);
    clock.advance(limits.drainMs);
    await closed;
    await until(() => served[0]?.signal.aborted === true);
  });
});
