import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Dispatcher, runDispatcher, startDispatcher } from "../support/dispatcher.ts";
import { startWorld, type World } from "../support/qrexec/world.ts";
import { payment, type Signer } from "../support/signer.ts";
import { readLedger, start, until } from "./running.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
const policy = [
  "qubes.Clefsign * work @default allow target=vault",
  "qubes.Clefsign * @anyvm @anyvm deny notify=no",
].join("\n");
const running: Dispatcher[] = [];
let world: World;

beforeAll(async () => {
  const qubes = [{ name: "work" }, { name: "personal" }, { name: "vault" }];
  world = await startWorld({ qubes, policy });
});

beforeEach(() => {
  world.setPolicy(policy);
  world.setFaults({});
  world.setStream({});
});

afterEach(async () => {
  for (const dispatcher of running.splice(0)) await dispatcher.stop("SIGKILL");
});

afterAll(() => world.stop());

/** Starts a signer in the qube "vault"; its socket is the service. */
async function startVault(options: Parameters<typeof start>[0] = {}): Promise<Signer> {
  const signer = await start({ ...options, args: ["--qrexec"] });
  const services = world.rpcFolder("vault");
  mkdirSync(services, { recursive: true });
  const service = join(services, "qubes.Clefsign");
  rmSync(service, { force: true });
  symlinkSync(join(signer.home.configDir, "qrexec.sock"), service);
  return signer;
}

const clientOf = (qube: string) => ["--qrexec-client", world.clientPath(qube)];

/** Starts a dispatcher in a qube. */
async function dispatch(qube: string, ...args: readonly string[]): Promise<Dispatcher> {
  const dispatcher = await startDispatcher([...clientOf(qube), ...args]);
  running.push(dispatcher);
  return dispatcher;
}

test("a payment goes through one call of qrexec, as that qube, with its claims", async () => {
  const signer = await startVault();
  const before = world.calls().length;
  const { call } = await dispatch("work");
  expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(await call("account_signTransaction", [payment()])).toMatchObject({
    result: { raw: expect.stringMatching(/^0x02/) },
  });
  const versions = await Promise.all(Array.from({ length: 40 }, () => call("account_version")));
  expect(versions.every(({ result }) => result === "6.1.0")).toBe(true);
  expect(world.calls().slice(before)).toMatchObject([{ source: "work", target: "@default" }]);
  const asked = signer.window.messages.find(({ method }) => method === "ui_approveTx");
  const [{ meta }] = asked?.params ?? [{}];
  expect(meta).toMatchObject({ remote: "work", scheme: "qrexec", "User-Agent": "node" });
  expect(readLedger(signer)).toContain('"caller":"qube:work"');
});

test("a question that waits holds up nobody, and who hangs up withdraws it", async () => {
  const signer = await startVault({ answerer: () => undefined });
  const { call } = await dispatch("work");
  const gone = new AbortController();
  const outcome = call("account_signTransaction", [payment()], gone.signal).catch(() => "gone");
  await signer.window.next("ui_approveTx");
  expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
  gone.abort();
  expect(await outcome).toBe("gone");
  await until(() => signer.log().includes("hung up"));
});

test("bytes may come in pieces of any size, and a body may have megabytes", async () => {
  await startVault();
  world.setStream({ chunk: { bytesMax: 7, pauseMs: 0 }, header: "joined" });
  const small = await dispatch("work");
  expect(await small.call("account_version")).toMatchObject({ result: "6.1.0" });
  world.setStream({});
  const large = await dispatch("work");
  const data = `0x${"00".repeat(2_000_000)}`;
  expect(await large.call("account_ecRecover", [data, "0x"])).toMatchObject({
    error: { code: -32602, message: "invalid argument 0: expected at most 131072 bytes" },
  });
});

test("dom0's no is a 403 with what to do", async () => {
  await startVault();
  const { post } = await dispatch("personal");
  const { status, text } = await post(version);
  expect([status, JSON.parse(text)]).toMatchObject([
    403,
    { id: 1, error: { code: -32000, message: expect.stringContaining("check dom0 policy") } },
  ]);
});

test("a profile that the signer has no rule for is told apart from dom0's no", async () => {
  await startVault();
  const { post, log } = await dispatch("work", "--qrexec", "@default+other");
  const { status, text } = await post(version);
  expect([status, text]).toEqual([403, expect.stringContaining("doesn't let this qube in")]);
  await until(() => log().includes("may not call with this profile"));
});

test("a vault that dies under a question leaves the outcome unknown; it is asked once", async () => {
  const signer = await startVault({ answerer: () => undefined });
  const { call, post } = await dispatch("work");
  const outcome = post(
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "account_signTransaction",
      params: [payment()],
    }),
  );
  await signer.window.next("ui_approveTx");
  await world.kill("vault");
  const { status, text } = await outcome;
  expect([status, text]).toEqual([502, expect.stringContaining("outcome unknown")]);
  await world.restartAgent("vault");
  expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
  const asked = signer.window.messages.filter(({ method }) => method === "ui_approveTx");
  expect(asked).toHaveLength(1);
});

test("a signer that is started again is found again, also after noise and failed set-ups", async () => {
  const signer = await startVault();
  const { call, post, log } = await dispatch("work");
  await call("account_version");
  await signer.stop();
  expect(await post(version)).toMatchObject({ status: 502 });
  world.setFaults({ vchanTimeoutMs: 10 });
  expect(await post(version)).toMatchObject({ status: 503 });
  world.setFaults({ noise: ["a line"], spuriousSendError: true });
  await startVault({ home: signer.home });
  // How long the dispatcher waits between its tries depends on what it has seen fail.
  let found: unknown;
  for (let tries = 0; found !== "6.1.0" && tries < 20; tries++) {
    found = (await call("account_version")).result;
  }
  expect(found).toBe("6.1.0");
  await until(() => log().includes("answers again"));
});

test("the doctor finds the way, or says what blocks it", async () => {
  const doctor = (qube: string) => runDispatcher(["doctor", "--port", "0", ...clientOf(qube)]);
  await startVault();
  expect(doctor("work")).toMatchObject({
    exit: 0,
    out: expect.stringMatching(
      /^ok {5}qrexec @default: the signer answers, account_version 6\.1\.0$/m,
    ),
  });
  expect(doctor("personal")).toMatchObject({
    exit: 1,
    out: expect.stringMatching(
      /^WRONG {2}qrexec @default: the call was refused: .*\n {7}do: check dom0 policy/m,
    ),
  });
});
