import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { caller, installVault, standIn, type Vault } from "../support/vault.ts";
import { until } from "./running.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
const answer = expect.stringContaining('"result":"6.1.0"');
const notStarted = "cleft: the signer is not running and could not be started\n";

let vault: Vault;
const cleanups: (() => void)[] = [];

beforeEach(() => {
  vault = installVault();
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  vault.remove();
});

/** A signer's place that says back what it heard. */
async function echo() {
  const stand = await standIn(vault.socket, (socket, text) => socket.end(`heard ${text}`));
  cleanups.push(() => stand.stop());
  return stand;
}

/** How many ends the abstract socket has by which calls share one start: its own, and one a watcher. */
function openTurns(): number {
  const digest = createHash("sha256").update(`${process.getuid?.()}:${vault.socket}`).digest("hex");
  return readFileSync("/proc/net/unix", "latin1").split(`@cleft-start-${digest}`).length - 1;
}

/** Lets a call start the real signer. */
const startReally = () => vault.startReally();
const pids = () => vault.pids();

test("a call says who calls, carries the request and its end, and the answer", async () => {
  await echo();
  const { ended } = vault.call().end("question");
  expect(await ended).toEqual({ exit: 0, out: "heard qubes.Clefsign+ work\0question", err: "" });
});

test("a call with an argument says its profile", async () => {
  await echo();
  const env = { ...caller, QREXEC_SERVICE_FULL_NAME: "qubes.EthSign+defi" };
  expect(await vault.call(env).end().ended).toMatchObject({
    out: "heard qubes.EthSign+defi work\0",
  });
});

test("a stream is carried while both ends stay open", async () => {
  const stand = await echo();
  const call = vault.call().say("one");
  await until(() => stand.texts().some((text) => text.endsWith("one")));
  stand.sockets[0]?.write("two");
  await until(() => call.out === "two");
  stand.sockets[0]?.destroy();
  expect(await call.ended).toEqual({ exit: 0, out: "two", err: "" });
});

test.each<readonly [string, Record<string, string>]>([
  ["no name of a qube", { QREXEC_REMOTE_DOMAIN: "" }],
  ["a second line", { QREXEC_REMOTE_DOMAIN: "work\nvault" }],
  ["a name with a blank", { QREXEC_REMOTE_DOMAIN: "work vault" }],
  ["no service", { QREXEC_SERVICE_FULL_NAME: "" }],
  ["another service", { QREXEC_SERVICE_FULL_NAME: "qubes.Filecopy+" }],
])("a call with %s reaches nobody", async (_, env) => {
  const stand = await echo();
  expect(await vault.call({ ...caller, ...env }).end("x").ended).toEqual({
    exit: 1,
    out: "",
    err: "cleft: the call names no valid caller\n",
  });
  expect(stand.sockets).toEqual([]);
});

test("without a display a call can't start the signer, and names nothing of the vault", async () => {
  vault.startBy("echo secret path >&2; exit 1");
  expect(await vault.call().end(version).ended).toEqual({ exit: 127, out: "", err: notStarted });
});

test("a start command that isn't there is no start", async () => {
  expect(await vault.call().end(version).ended).toEqual({ exit: 127, out: "", err: notStarted });
});

test.each([
  { count: 20, answered: 20 },
  // More than the signer lets in at once: who is turned away was let in by this program all the same.
  { count: 50, answered: 1 },
])("$count calls of as many qubes start one signer", async ({ count, answered }) => {
  startReally();
  const calls = Array.from({ length: count }, (_, at) =>
    vault.call({ ...caller, QREXEC_REMOTE_DOMAIN: `work${at}` }).end(version),
  );
  const ended = await Promise.all(calls.map((call) => call.ended));
  expect(ended.filter(({ exit, err }) => exit !== 0 || err !== "")).toEqual([]);
  const answers = ended.filter(({ out }) => out.includes('"result":"6.1.0"'));
  expect(answers.length).toBeGreaterThanOrEqual(answered);
  expect(pids()).toHaveLength(1);
});

test("a signer that was killed is started again by the next call", async () => {
  startReally();
  await vault.call().end(version).ended;
  process.kill(pids()[0] ?? 0, "SIGKILL");
  expect(await vault.call().end(version).ended).toMatchObject({ exit: 0, out: answer });
  expect(pids()).toHaveLength(2);
  expect(existsSync(vault.socket)).toBe(true);
});

test("a call that is killed while it starts the signer leaves nothing in the way of the next one", async () => {
  startReally();
  const first = vault.call().end(version);
  await until(() => pids().length === 1);
  first.child.kill("SIGKILL");
  expect(await first.ended).toMatchObject({ exit: "SIGKILL", out: "", err: "" });
  // Before that, another start would find the folder taken and fail.
  await until(() => existsSync(vault.socket));
  expect(await vault.call().end(version).ended).toMatchObject({ exit: 0, out: answer });
  await until(() => pids().filter((pid) => existsSync(`/proc/${pid}`)).length === 1);
});

test("a start that can't even be tried is no start", async () => {
  const program = join(root, "packages/signer/dist/qrexec-service.mjs");
  const { status } = spawnSync(process.execPath, [program, vault.socket], { env: caller });
  expect(status).toBe(127);
});

test("who waits goes on when the call that starts the signer is killed", async () => {
  vault.startBy(`echo $$ >>'${vault.folder}/pids'; exec sleep 60`);
  const first = vault.call().end();
  await until(() => pids().length === 1);
  const second = vault.call().end("question");
  await until(() => openTurns() === 2);
  first.child.kill("SIGKILL");
  await until(() => openTurns() === 0);
  // Longer than it takes to look at the socket a last time.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await echo();
  expect(await second.ended).toMatchObject({ exit: 0, out: expect.stringContaining("question") });
});

test("many calls try a start that fails once, and none waits for long", async () => {
  vault.startBy(`echo $$ >>'${vault.folder}/pids'; sleep 3; exit 1`);
  const calls = Array.from({ length: 10 }, () => vault.call().end(version));
  for (const { ended } of calls) expect(await ended).toMatchObject({ exit: 127, err: notStarted });
  expect(pids()).toHaveLength(1);
});

test("what is started gets a display and nothing else of the call", async () => {
  startReally();
  const session = { DISPLAY: ":7", XDG_RUNTIME_DIR: "/run/x", PATH: "/evil" };
  const { child, ended } = vault.call({ ...caller, ...session, NODE_OPTIONS: "--inspect" });
  child.stdin?.end(version);
  expect(await ended).toMatchObject({ exit: 0, err: "" });
  const names = readFileSync(join(vault.folder, "env"), "utf8").match(/^\w+(?==)/gm) ?? [];
  const own = ["_", "OLDPWD", "PWD", "SHLVL"];
  expect(names.filter((name) => !own.includes(name)).sort()).toEqual([
    "DISPLAY",
    "HOME",
    "XDG_RUNTIME_DIR",
  ]);
  const fds = readFileSync(join(vault.folder, "fds"), "utf8");
  expect(fds).not.toMatch(/ \d -> (?:socket|pipe):/);
});

test("the program of a call gets eight variables at most", async () => {
  const stand = await echo();
  const { child } = vault.call({ ...caller, DISPLAY: ":7", LANG: "C", QREXEC_AGENT_PID: "1" });
  await until(() => stand.sockets.length === 1);
  const env = readFileSync(`/proc/${child.pid}/environ`, "latin1").split("\0").slice(0, -1);
  expect(env.map((line) => line.split("=")[0]).sort()).toEqual([
    "DISPLAY",
    "HOME",
    "QREXEC_REMOTE_DOMAIN",
    "QREXEC_SERVICE_FULL_NAME",
  ]);
});

test("a caller that dies after its request is noticed, and the signer's end closed", async () => {
  const stand = await standIn(vault.socket, () => undefined);
  cleanups.push(() => stand.stop());
  const { child, ended } = vault.call().end("question");
  await until(() => stand.texts().some((text) => text.endsWith("question")));
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ exit: 1, err: "" });
});

test("SIGTERM ends a call and leaves nothing at the signer", async () => {
  const stand = await echo();
  const { child, ended } = vault.call().say("question");
  await until(() => stand.texts().some((text) => text.endsWith("question")));
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ exit: "SIGTERM" });
  await until(() => stand.sockets[0]?.readableEnded === true);
});

test("a large request and a large answer pass whole", async () => {
  await echo();
  const text = "x".repeat(8 * 1024 * 1024);
  const { out } = await vault.call().end(text).ended;
  expect(out.length).toBe("heard qubes.Clefsign+ work\0".length + text.length);
});

test("a file in the socket's place is no signer, and stays", async () => {
  startReally();
  mkdirSync(vault.configDir, { mode: 0o700 });
  writeFileSync(vault.socket, "mine");
  expect(await vault.call().end(version).ended).toEqual({ exit: 127, out: "", err: notStarted });
  expect(readFileSync(vault.socket, "utf8")).toBe("mine");
});
