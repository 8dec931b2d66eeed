import { spawnSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addProgram, callOnce, startCall, waitFor } from "./calling.ts";
import { startWorld, type World } from "./world.ts";

const refused = { exit: 126, out: "", err: "Request refused\n" };
const open = "t.Name * @anyvm @default allow target=vault";
let world: World;

beforeAll(async () => {
  world = await startWorld({
    qubes: [
      { name: "work" },
      { name: "other" },
      { name: "vault" },
      { name: "cold", running: false },
    ],
    policy: open,
  });
  for (const qube of ["vault", "cold", "other", "work"]) {
    addProgram(world, qube, "t.Name", `#!/bin/sh\necho ${qube} "$QREXEC_REMOTE_DOMAIN"\ncat\n`);
  }
});
afterEach(() => {
  world.setPolicy(open);
  world.setAsk({ delayMs: 0, answer: "yes" });
});
afterAll(() => world.stop());

const call = (from: string, to: string) => callOnce(world, from, [to, "t.Name"]);
const last = () => world.calls().at(-1);

test("an allowed call reaches the policy's target and is written down", async () => {
  expect((await call("work", "")).out).toBe("vault work\n");
  expect(last()).toMatchObject({
    ...{ source: "work", target: "@default", service: "t.Name+", decision: "allow" },
    ...{ rule: "30-test.policy:1", notified: false, reached: "vault", exit: 0 },
  });
});

test("each qube's client calls as its own qube", async () => {
  expect((await call("other", "@default")).out).toBe("vault other\n");
  expect(world.clientPath("work")).not.toBe(world.clientPath("other"));
});

test("a target that doesn't exist is as if there was none", async () => {
  expect((await call("work", "nobody")).out).toBe("vault work\n");
});

test("a call that no rule allows is refused, and nothing is started", async () => {
  expect(await call("work", "vault")).toEqual(refused);
  expect(last()).toMatchObject({ decision: "deny", rule: "", notified: true, reached: "" });
  world.setPolicy("t.Name * @anyvm @anyvm deny notify=no");
  expect(await call("work", "vault")).toEqual(refused);
  expect(last()).toMatchObject({ rule: "30-test.policy:1", notified: false });
});

test("a qube can't call itself", async () => {
  world.setPolicy("* * @anyvm @anyvm allow");
  expect(await call("work", "work")).toEqual(refused);
  expect((await call("work", "other")).out).toBe("other work\n");
});

test("one syntax error in any file refuses every call, until it is mended", async () => {
  world.setPolicy({ "30-fine.policy": open, "90-broken.policy": "* * work" });
  expect(await call("work", "@default")).toEqual(refused);
  expect(last()?.reason).toBe("90-broken.policy:1: wrong number of fields");
  world.setPolicy({ "30-fine.policy": open, "90-broken": "* * work" });
  expect((await call("work", "@default")).exit).toBe(0);
});

test("an ask rule waits for the person, whose yes connects", async () => {
  world.setPolicy("* * work @default ask target=vault default_target=vault notify=yes");
  world.setAsk({ delayMs: 300, answer: "yes" });
  const asked = startCall(world, "work", ["@default", "t.Name"]);
  await waitFor(
    () => last()?.decision === "asking",
    () => "a question",
  );
  expect(asked.out()).toBe("");
  asked.child.stdin.end();
  expect(await asked.exit).toBe(0);
  expect(last()).toMatchObject({ decision: "ask-yes", reached: "vault", notified: true });
});

test("an ask rule without a target lets the person take what the caller named", async () => {
  world.setPolicy("* * work vault ask\n* * work other ask\n* * work @default ask");
  expect((await call("work", "other")).out).toBe("other work\n");
  expect((await call("work", "@default")).out).toMatch(/^(?:vault|other) work\n$/);
});

test("the person's no is a refusal like any other", async () => {
  world.setPolicy("* * work @default ask target=vault");
  world.setAsk({ delayMs: 0, answer: "no" });
  expect(await call("work", "@default")).toEqual(refused);
  expect(last()).toMatchObject({ decision: "ask-no", rule: "30-test.policy:1", reached: "" });
});

test("a halted qube stays halted under autostart=no, and is started without it", async () => {
  world.setPolicy("* * work cold allow autostart=no");
  expect(await call("work", "cold")).toEqual(refused);
  world.setPolicy("* * work cold allow");
  expect((await call("work", "cold")).out).toBe("cold work\n");
  world.setPolicy("* * work cold allow autostart=no");
  expect((await call("work", "cold")).exit).toBe(0);
});

test("dom0 has no services here", async () => {
  world.setPolicy("* * work dom0 allow");
  expect(await call("work", "dom0")).toEqual(refused);
  expect(last()?.decision).toBe("refused");
});

test("a running call outlives a change of the policy and the agent's restart", async () => {
  const running = startCall(world, "work", ["@default", "t.Name"]);
  await running.until("vault work");
  world.setPolicy("");
  await world.restartAgent("work");
  await world.restartAgent("vault");
  expect(await call("work", "@default")).toEqual(refused);
  running.child.stdin.end("still there");
  expect(await running.exit).toBe(0);
  expect(running.out()).toContain("still there");
});

test("a test that waits without an event loop of its own can call too", () => {
  const { stdout } = spawnSync(world.clientPath("work"), ["@default", "t.Name"], { input: "" });
  expect(stdout.toString()).toBe("vault work\n");
});
