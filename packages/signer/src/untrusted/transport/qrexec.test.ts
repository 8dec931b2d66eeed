import { rpcCode } from "@cleft/protocol/rpc.ts";
import { describe, expect, it } from "vitest";
import { until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { hello, qrexecCalls, req, work } from "./fakes.ts";

describe("many calls", () => {
  it("of one qube: an idle one makes room, a busy one doesn't, other qubes aren't disturbed", async () => {
    const { call, served } = await qrexecCalls(() => new Promise(() => undefined));
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
    const { call, served } = await qrexecCalls();
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
    const { call } = await qrexecCalls();
    const many = Promise.all(Array.from({ length: 128 }, () => call(`${work}{`)));
    const other = await call(`qubes.Clefsign+ personal\0${hello}`);
    await until(() => other.lines().length === 1);
    await many;
  });

  it("of one qube: an answer that is on its way is no idle call, and who doesn't read it goes", async () => {
    const long = `"${"x".repeat(3_000_000)}"\n`;
    const { call, clock, served } = await qrexecCalls(async ({ frame }) => (frame ? long : "{}\n"));
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
    const { call, clock, served } = await qrexecCalls(async () => long);
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
    const { call, log } = await qrexecCalls();
    for (let at = 0; at < limits.refusalLinesMax + 3; at++) {
      const one = await call(`qubes.Clefsign+unknown${at} work\0{}`);
      await until(one.ended);
    }
    expect(log.fields[0]).toMatchObject({ caller: "qube:work", profile: "unknown0" });
    expect(log.lines).toHaveLength(limits.refusalLinesMax + 1);
  });

  it("close() lets what is open be answered, and cuts who takes too long", async () => {
    const { call, clock, served, transport } = await qrexecCalls(
      () => new Promise(() => undefined),
    );
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
