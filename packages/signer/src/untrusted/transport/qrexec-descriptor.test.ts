import { describe, expect, it } from "vitest";
import { until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { hello, qrexecCalls, trickle, work } from "./fakes.ts";

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
    const { call, served } = await qrexecCalls();
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
    const { call, log } = await qrexecCalls();
    const { socket, ended } = await call(text);
    socket.end();
    await until(ended);
    expect(log.lines).toEqual(lines);
  });

  it("may be split and joined with what follows", async () => {
    for (const size of [1, 7, 21, 22, 1000]) {
      const { call, served } = await qrexecCalls();
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
    const { call, clock, served } = await qrexecCalls();
    const { ended } = await call("qubes.Clefsign+");
    await until(() => clock.waiting > 0);
    clock.advance(limits.descriptorMs);
    await until(ended);
    expect(served).toEqual([]);
  });

  it("of a profile that nobody has set up is told so", async () => {
    const { call, served } = await qrexecCalls();
    const { received, ended } = await call("qubes.Clefsign+unknown work\0{}");
    await until(ended);
    expect(received()).toMatch(/^\{"jsonrpc":"2.0","id":null,"error":\{.*profile"\}\}\n$/);
    expect(served).toEqual([]);
  });
});
