import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import { describe, expect, it } from "vitest";
import { gate, until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { hello, idOf, qrexecCalls, req, work } from "./fakes.ts";

describe("requests on one stream", () => {
  it("answers out of order", async () => {
    const held = gate<string>();
    const { call, served } = await qrexecCalls(({ frame }) =>
      frame === idOf(1) ? held.promise : Promise.resolve('"2"\n'),
    );
    const { lines } = await call(`${work}${hello}${req(1)}${req(2)}`);
    await until(() => lines().some((line) => line.endsWith('"rpc":"2"}')));
    held.open('"1"\n');
    await until(() => lines().some((line) => line.endsWith('"rpc":"1"}')));
    expect(served).toHaveLength(2);
  });

  it("serves one id once, also over another stream of the same qube, and not for another qube", async () => {
    const { call, served } = await qrexecCalls();
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
    const { call, served } = await qrexecCalls();
    const { lines } = await call(`${work}${hello}${req(1)}`);
    await until(() => lines().length === 3);
    const second = await call(`${work}${hello}${req(1, "account_list")}`);
    await until(() => second.lines().length === 3);
    expect(second.lines()[2]).toContain('"err":{"code":"bad_frame"}');
    expect(served).toHaveLength(1);
  });

  it("withdraws what is cancelled, and everything when it ends", async () => {
    const { call, served } = await qrexecCalls(() => new Promise(() => undefined));
    const { socket } = await call(`${work}${hello}${req(1)}${req(2)}`);
    await until(() => served.length === 2);
    socket.write(encodeClientFrame({ type: "cancel", id: idOf(1) }));
    await until(() => served[0]?.signal.aborted === true);
    expect(served[1]?.signal.aborted).toBe(false);
    socket.end();
    await until(() => served[1]?.signal.aborted === true);
  });

  it("takes no more requests at once than it said, hears what comes behind them, and refuses a flood", async () => {
    const { call, served } = await qrexecCalls(() => new Promise(() => undefined));
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
    const { call, served } = await qrexecCalls(
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
    const { call, clock, served } = await qrexecCalls(
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
    const { call, served } = await qrexecCalls(() => new Promise(() => undefined));
    const { lines } = await call(`${work}${hello}${req(1)}${req(1)}${req(1, "account_list")}`);
    await until(() => lines().length === 4);
    expect(lines().slice(2)).toEqual([
      `{"type":"ack","id":"${idOf(1)}","state":"pending"}`,
      `{"type":"res","id":"${idOf(1)}","err":{"code":"bad_frame"}}`,
    ]);
    expect(served).toHaveLength(1);
  });
});
