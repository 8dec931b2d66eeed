import { describe, expect, it } from "vitest";
import { FakeClock, gate } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { FrameMemory } from "./frame-memory.ts";

const work = { caller: "qube:work", id: "a", hash: "h" };
const listening = new AbortController().signal;

function setUp(recorded: (caller: string, id: string) => boolean = () => false) {
  const clock = new FakeClock();
  const memory = new FrameMemory({ clock, recorded });
  const served: string[] = [];
  const serve = (reply: string) => async () => {
    served.push(reply);
    return reply;
  };
  return { clock, memory, served, serve };
}

describe("FrameMemory.once()", () => {
  it("serves a frame once and gives its reply to whoever repeats it", async () => {
    const { memory, served, serve } = setUp();
    expect(await memory.once(work, listening, serve("1"))).toEqual({ rpc: "1" });
    expect(await memory.once(work, listening, serve("2"))).toEqual({ rpc: "1" });
    expect(served).toEqual(["1"]);
  });

  it.each([
    ["has too many bytes", `"${"\u20ac".repeat(12 * 1024 * 1024)}"`],
    ["has too many values", `[${"1,".repeat(200_016)}1]`],
  ])("gives no reply that %s: nothing was signed, or that isn't known", async (_, long) => {
    const { memory, serve } = setUp();
    expect(await memory.once(work, listening, serve(long))).toEqual({ code: "too_large" });
    expect(await memory.once(work, listening, serve("2"))).toEqual({ code: "too_large" });
    let hasIntent = false;
    const signing = setUp(() => hasIntent);
    const sign = async () => {
      hasIntent = true;
      return long;
    };
    expect(await signing.memory.once(work, listening, sign)).toEqual({ code: "unknown" });
  });

  it("lets a repeated frame wait for the first one's reply", async () => {
    const { memory, served, serve } = setUp();
    const held = gate<string>();
    const first = memory.once(work, listening, () => held.promise);
    const second = memory.once(work, listening, serve("2"));
    held.open("1");
    expect(await Promise.all([first, second])).toEqual([{ rpc: "1" }, { rpc: "1" }]);
    expect(served).toEqual([]);
  });

  it("refuses another request under an id that was used", async () => {
    const { memory, served, serve } = setUp();
    await memory.once(work, listening, serve("1"));
    expect(await memory.once({ ...work, hash: "other" }, listening, serve("2"))).toEqual({
      code: "bad_frame",
    });
    expect(served).toEqual(["1"]);
  });

  it("tells callers and ids apart", async () => {
    const { memory, serve } = setUp();
    await memory.once(work, listening, serve("1"));
    const other = { ...work, caller: "qube:personal" };
    expect(await memory.once(other, listening, serve("2"))).toEqual({ rpc: "2" });
    expect(await memory.once({ ...work, id: "b" }, listening, serve("3"))).toEqual({ rpc: "3" });
  });

  it("serves again what was withdrawn before anything was recorded, also for who waits already", async () => {
    const { memory, serve } = setUp();
    const gone = new AbortController();
    const held = gate<string>();
    const first = memory.once(work, gone.signal, () => held.promise);
    const second = memory.once(work, listening, serve("2"));
    gone.abort();
    held.open("denied");
    expect(await first).toEqual({ rpc: "denied" });
    expect(await second).toEqual({ rpc: "2" });
  });

  it("serves nothing again of which there is an intent", async () => {
    let recorded = false;
    const { memory, served, serve } = setUp(() => recorded);
    const gone = new AbortController();
    await memory.once(work, gone.signal, async () => {
      recorded = true;
      gone.abort();
      return "withheld";
    });
    expect(await memory.once(work, listening, serve("2"))).toEqual({ rpc: "withheld" });
    expect(served).toEqual([]);
  });

  it("serves nothing that a ledger knows from before", async () => {
    const { memory, served, serve } = setUp((caller, id) => caller === "qube:work" && id === "a");
    expect(await memory.once(work, listening, serve("1"))).toEqual({ code: "unknown" });
    expect(served).toEqual([]);
  });

  it("forgets what is old, and beyond the bound the oldest", async () => {
    const { clock, memory, served, serve } = setUp();
    await memory.once(work, listening, serve("old"));
    clock.advance(limits.framesRememberedMs + 1);
    for (let at = 0; at < limits.framesRemembered + 1; at++) {
      await memory.once({ ...work, id: `${at}` }, listening, serve("x"));
    }
    served.length = 0;
    await memory.once(work, listening, serve("old again"));
    await memory.once({ ...work, id: "0" }, listening, serve("0 again"));
    await memory.once({ ...work, id: "9" }, listening, serve("9 again"));
    expect(served).toEqual(["old again", "0 again"]);
  });

  it("remembers an answer from when it was given, however long it took", async () => {
    const { clock, memory, served, serve } = setUp();
    const held = gate<string>();
    const first = memory.once(work, listening, () => held.promise);
    clock.advance(limits.framesRememberedMs + 1);
    held.open("1");
    await first;
    await memory.once({ ...work, id: "b" }, listening, serve("2"));
    expect(await memory.once(work, listening, serve("again"))).toEqual({ rpc: "1" });
    expect(served).toEqual(["2"]);
  });

  it("remembers of long replies that they were given", async () => {
    const { memory, served, serve } = setUp();
    const long = "x".repeat(limits.framesReplyCharsMax / 2 + 1);
    await memory.once(work, listening, serve(long));
    await memory.once({ ...work, id: "b" }, listening, serve(long));
    expect(await memory.once(work, listening, serve("again"))).toEqual({ code: "unknown" });
    expect(await memory.once({ ...work, id: "b" }, listening, serve("again"))).toEqual({
      rpc: long,
    });
    expect(served).toHaveLength(2);
  });

  it("throws what a bug throws, also to who repeats the frame", async () => {
    const { memory } = setUp();
    const held = gate<string>();
    const first = memory.once(work, listening, () => held.promise);
    const second = memory.once(work, listening, async () => "2");
    held.fail(new TypeError("bug"));
    await expect(first).rejects.toThrow("bug");
    await expect(second).rejects.toThrow("bug");
  });
});
