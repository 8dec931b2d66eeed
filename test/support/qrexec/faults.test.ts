import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addProgram, callOnce, startCall, waitFor } from "./calling.ts";
import { startWorld, type World } from "./world.ts";

const refused = { exit: 126, out: "", err: "Request refused\n" };
let world: World;

beforeAll(async () => {
  world = await startWorld({
    qubes: [{ name: "work" }, { name: "other" }, { name: "vault" }],
    policy: "t.Ask * @anyvm vault ask\n* * @anyvm vault allow",
  });
  addProgram(world, "vault", "t.Echo", "#!/bin/sh\nexec cat\n");
  addProgram(world, "vault", "t.Ask", "#!/bin/sh\n");
});
afterEach(() => world.setFaults({}));
afterAll(() => world.stop());

const call = (service: string, input = "", from = "work") =>
  callOnce(world, from, ["vault", service], input);
const stamp = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} qrexec-client-vm\[\d+\]: `;

test("a vault that hangs is 1 with both lines of the vchan", async () => {
  world.setFaults({ vchanTimeoutMs: 100 });
  const { exit, out, err } = await call("t.Echo", "x");
  const lines = `^${stamp}vchan connection timeout\n${stamp}Data vchan connection failed\n$`;
  expect(err).toMatch(new RegExp(lines));
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
});

test("more set-ups at a time than one qube can have are 1, and another qube's are not", async () => {
  world.setFaults({ setups: { max: 1, ms: 2000 } });
  const before = world.calls().length;
  const first = call("t.Echo");
  await waitFor(
    () => world.calls()[before]?.decision === "allow",
    () => "a set-up",
  );
  const theirs = call("t.Echo", "", "other");
  const second = await call("t.Echo");
  expect(second.err).toMatch(new RegExp(`^${stamp}Data vchan connection failed\n$`));
  expect(second.exit).toBe(1);
  expect((await first).exit).toBe(0);
  expect((await theirs).exit).toBe(0);
});

test("more held calls than two qubes can have between them are refused like a denial", async () => {
  world.setFaults({ heldMax: 2 });
  const held = [1, 2].map(() => startCall(world, "work", ["vault", "t.Echo"]));
  for (const { child, until } of held) {
    child.stdin.write("up");
    await until("up");
  }
  expect(await call("t.Echo")).toEqual(refused);
  expect((await call("t.Echo", "", "other")).exit).toBe(0);
  for (const { child } of held) child.stdin.end();
  for (const { exit } of held) expect(await exit).toBe(0);
  expect((await call("t.Echo")).exit).toBe(0);
});

test("a Cancel in dom0 comes late and is a refusal", async () => {
  world.setFaults({ cancelAfterMs: 100 });
  expect(await call("t.Ask")).toEqual(refused);
  expect(world.calls().at(-1)?.decision).toBe("ask-no");
});

test("a vault that dies within its answer is 255, after what it had written", async () => {
  world.setFaults({ dieAfterBytes: 5 });
  const { exit, out, err } = await call("t.Echo", "0123456789");
  expect(err).toMatch(new RegExp(`^${stamp}vchan connection closed early\n$`));
  expect({ exit, out }).toEqual({ exit: 255, out: "01234" });
});

test("kill() of a qube is 255 for its calls, and the next one starts it again", async () => {
  const running = startCall(world, "work", ["vault", "t.Echo"]);
  running.child.stdin.write("up");
  await running.until("up");
  await world.kill("vault");
  expect(await running.exit).toBe(255);
  expect(running.err()).toContain("vchan connection closed early");
  expect((await call("t.Echo", "again")).out).toBe("again");
});

test("a false error of sending stands beside a complete answer and 0", async () => {
  world.setFaults({ spuriousSendError: true });
  const { exit, out, err } = await call("t.Echo", "all");
  expect(err).toMatch(/Error while vchan send \(handle_input stdout\), reading remaining data\n$/);
  expect({ exit, out }).toEqual({ exit: 0, out: "all" });
});

test("noise on stderr has a time before it", async () => {
  world.setFaults({ noise: ["exec.c:1: first", "second"] });
  const { exit, err } = await call("t.Echo");
  expect(err).toMatch(new RegExp(`^${stamp}exec.c:1: first\n${stamp}second\n$`));
  expect(exit).toBe(0);
});
