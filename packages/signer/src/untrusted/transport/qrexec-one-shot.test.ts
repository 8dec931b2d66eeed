import { describe, expect, it } from "vitest";
import { until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { qrexecCalls, work } from "./fakes.ts";

describe("a one-shot call", () => {
  it("is served at the end of its request, claims nothing and ends with the answer", async () => {
    const { call, served } = await qrexecCalls(async () => '{"result":1}\n');
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
    const { call, clock, served } = await qrexecCalls();
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
    const { call, served } = await qrexecCalls();
    const { socket, received, ended } = await call(work);
    socket.write(`[${" ".repeat(limits.bodyBytesMax)}`);
    await until(ended);
    expect(received()).toContain('"code":-32700');
    expect(served).toEqual([]);
  });

  it("is withdrawn when its caller hangs up after the request", async () => {
    const { call, clock, served } = await qrexecCalls(() => new Promise(() => undefined));
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
