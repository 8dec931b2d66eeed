import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import { encodeJsonValue, JsonNumber } from "@cleft/protocol/json.ts";
import { describe, expect, it } from "vitest";
import { gate, until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { claims, hello, idOf, qrexecCalls, req, trickle, work } from "./fakes.ts";

describe("a stream", () => {
  it("answers its hello with who is heard", async () => {
    const { call } = await qrexecCalls();
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
    const { call } = await qrexecCalls();
    const { lines, ended } = await call(`${work}{"clefq":2,"client":"x"}\n`);
    await until(ended);
    expect(lines()).toHaveLength(1);
  });

  it("acknowledges a request, then answers it, however it is cut", async () => {
    for (const size of [1, 50, 10_000]) {
      const { call, served } = await qrexecCalls(async () => '{"result":"6.1.0"}\n');
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
    const { call, served } = await qrexecCalls();
    const { socket } = await call(`${work}${hello}`);
    const rpc = new Map([["value", new JsonNumber("9007199254740993")]]);
    socket.write(encodeClientFrame({ type: "req", id: idOf(1), rpc, claims }));
    await until(() => served.length === 1);
    const body = served[0]?.untrustedBody;
    expect(body !== undefined && "json" in body && encodeJsonValue(body.json)).toBe(
      '{"value":9007199254740993}',
    );
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
    const { call, served } = await qrexecCalls(() => held.promise);
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
    const { call, served } = await qrexecCalls();
    const { socket, ended } = await call(`${work}${req(1)}`);
    socket.end();
    await until(ended);
    // It is taken for a one-shot request, which the envelope refuses.
    expect(served[0]?.frame).toBeUndefined();
  });

  it("tells a request that can't be read so, and goes on", async () => {
    const { call, served } = await qrexecCalls();
    const bad = `{"type":"req","id":"${idOf(1)}","rpc":{},"claims":{"qube":"personal"}}\n`;
    const { lines } = await call(`${work}${hello}${bad}${req(2)}`);
    await until(() => lines().length === 4);
    expect(lines()[1]).toBe(`{"type":"res","id":"${idOf(1)}","err":{"code":"bad_frame"}}`);
    expect(served).toHaveLength(1);
  });

  it("cuts off a frame that trickles", async () => {
    const { call, clock } = await qrexecCalls();
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
    const { call, clock } = await qrexecCalls();
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
    const { call, clock, served } = await qrexecCalls(() => held.promise);
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
    const { call, clock, served } = await qrexecCalls(() => held.promise);
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
    const { call } = await qrexecCalls(() => Promise.reject(new TypeError("bug")));
    const { ended } = await call(`${work}${hello}${req(1)}`);
    await until(ended);
  });
});
