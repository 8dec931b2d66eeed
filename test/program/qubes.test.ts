import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dispatcher, startDispatcher } from "../support/dispatcher.ts";
import { callOnce } from "../support/qrexec/calling.ts";
import { startWorld, type World } from "../support/qrexec/world.ts";
import { root } from "../support/shared.ts";
import { installVault, type Vault } from "../support/vault.ts";
import { until } from "./running.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
let vault: Vault;
let world: World;
let dispatcher: Dispatcher;

/** Everything as an operator gets it, but dom0: what is shipped for it stands in for it. */
beforeAll(async () => {
  vault = installVault();
  vault.startReally();
  const policy = readFileSync(`${root}deploy/qubes/30-cleft.policy`, "utf8");
  const services = vault.at("/usr/local/etc/qubes-rpc");
  world = await startWorld({
    qubes: [
      { name: "work" },
      { name: "other" },
      { name: "vault", rpcDirs: [services], env: { DISPLAY: ":7" } },
    ],
    policy: { "30-cleft.policy": policy },
  });
  dispatcher = await startDispatcher(["--qrexec-client", world.clientPath("work")]);
});
afterAll(async () => {
  await dispatcher.stop();
  await world.stop();
  vault.remove();
});

test("a dapp's request goes through dispatcher, dom0 and service to a signer that didn't run", async () => {
  expect(vault.pids()).toEqual([]);
  expect(await dispatcher.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(vault.pids()).toHaveLength(1);
  expect(world.calls().at(-1)).toMatchObject({
    ...{ source: "work", service: "qubes.Clefsign+", decision: "allow", reached: "vault" },
  });
});

test("one request on stdin is answered with one line", async () => {
  const { out, err, exit } = await callOnce(world, "work", ["@default", "qubes.EthSign"], version);
  expect([JSON.parse(out), err, exit]).toMatchObject([{ id: 1 }, "", 0]);
});

test("a qube that the policy doesn't name is refused by dom0, and starts nothing", async () => {
  const before = vault.pids().length;
  const call = await callOnce(world, "other", ["@default", "qubes.Clefsign"], version);
  expect(call).toMatchObject({ out: "", err: "Request refused\n", exit: 126 });
  expect(vault.pids()).toHaveLength(before);
});

test("what needs a person is refused where there is no window, and the log says who asked", async () => {
  const { error } = await dispatcher.call("account_new");
  expect(error).toMatchObject({ code: -32000 });
  expect(readFileSync(join(vault.configDir, "audit.log"), "utf8")).toContain("work");
});

test("kill -9 of the service that starts the signer is its own dapp's error alone", async () => {
  process.kill(vault.pids().at(-1) ?? 0, "SIGKILL");
  const before = vault.pids().length;
  const client = ["--qrexec-client", world.clientPath("work")];
  const both = [await startDispatcher(client), await startDispatcher(client)];
  try {
    const answers = both.map(({ post }) => post(version));
    await until(() => vault.pids().length > before);
    process.kill(parentOf(vault.pids().at(-1) ?? 0), "SIGKILL");
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 502]);
    await until(() => vault.pids().filter((pid) => existsSync(`/proc/${pid}`)).length === 1);
    for (const { post } of both) expect(await post(version)).toMatchObject({ status: 200 });
  } finally {
    for (const one of both) await one.stop();
  }
});

function parentOf(pid: number): number {
  const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(parent);
}
