import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spawnCommand, startCommand } from "../support/command.ts";
import {
  makeHome,
  payment,
  type Signer,
  sampleAccounts,
  samplePassword,
  startSigner,
} from "../support/signer.ts";
import { readLedger, start, until } from "./running.ts";

const cleft = ({ home }: Signer, words: readonly string[], ...input: readonly string[]) =>
  startCommand(["--configdir", home.configDir, ...words], input);
const countOf = ({ window }: Signer, name: string) =>
  window.messages.filter(({ method }) => method === name).length;

test("cleft status says what the signer is doing", async () => {
  const signer = await start();
  await signer.call("account_signTransaction", [payment()]);
  const { exit: code, out: stdout } = await cleft(signer, ["status"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^state {5}ready\nprocess {3}\d+, since 2/);
  expect(stdout).toContain(`http      ${signer.url}\n`);
  expect(stdout).toContain("accounts  2\nwaiting   0 requests\n");
  expect(stdout).toMatch(/ledger {4}2 records, head 2:[0-9a-f]{64}\n$/);
});

test("the control socket is for this user alone", async () => {
  const { home } = await start();
  expect(statSync(join(home.configDir, "control.sock")).mode & 0o777).toBe(0o600);
});

test("a control socket whose path is too long is refused, and what to do is said", async () => {
  const home = makeHome({ sample: false });
  const configDir = join(home.folder, "x".repeat(90));
  const started = startSigner({ home: { ...home, configDir }, args: ["--ipcdisable"] });
  await expect(started).rejects.toThrow(
    /Fatal: Could not start control api: .*: bind: invalid argument\nhint: .* choose a shorter --configdir/,
  );
  home.remove();
});

test("what lies in the control socket's place and is no socket stays there", async () => {
  const home = makeHome({ sample: false });
  mkdirSync(home.configDir, { mode: 0o700 });
  writeFileSync(join(home.configDir, "control.sock"), "mine");
  await expect(startSigner({ home })).rejects.toThrow(
    /there is something that is no socket\nhint: move it away, or choose another folder with --configdir/,
  );
  expect(readFileSync(join(home.configDir, "control.sock"), "utf8")).toBe("mine");
  home.remove();
});

test("the socket of a signer that was killed is replaced, and one that ends takes its own away", async () => {
  const { home, ...killed } = await start();
  await killed.stop("SIGKILL");
  const path = join(home.configDir, "control.sock");
  expect(existsSync(path)).toBe(true);
  const next = await start({ home });
  expect(await cleft(next, ["status"])).toMatchObject({ exit: 0 });
  await next.stop();
  expect(existsSync(path)).toBe(false);
});

test("without a signer the commands say so and end with 1", async () => {
  const signer = await start();
  await signer.stop();
  for (const command of ["status", "lock", "unlock"]) {
    const { exit: code, err: stderr } = await cleft(signer, [command]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("no cleft is running with")]);
  }
});

test("cleft lock refuses what waits and whatever comes, until cleft unlock", async () => {
  const signer = await start({ answerer: () => undefined });
  const asked = signer.window.next("ui_approveTx");
  const reply = signer.call("account_signTransaction", [payment()]);
  const { id } = await asked;
  expect(await cleft(signer, ["lock"])).toMatchObject({ exit: 0 });
  const locked = { error: { code: -32000, message: "the signer is locked" } };
  expect(await reply).toMatchObject(locked);
  signer.window.answer(id, { approved: true, transaction: payment() });
  for (const method of ["account_list", "account_new"]) {
    expect(await signer.call(method)).toMatchObject(locked);
  }
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect((await cleft(signer, ["status"])).out).toContain("state     locked");
  expect(await cleft(signer, ["unlock"])).toMatchObject({ exit: 0 });
  const again = signer.window.next("ui_approveListing");
  signer.call("account_list").catch(() => undefined);
  await again;
  expect(readLedger(signer)).toContain('"type":"act"');
  expect(countOf(signer, "ui_onInputRequired")).toBe(0);
});

test("SIGUSR2 locks", async () => {
  const signer = await start();
  signer.child.kill("SIGUSR2");
  await until(() => readLedger(signer).includes('"caller":"signal","method":"lock"'));
  expect(await signer.call("account_list")).toMatchObject({
    error: { message: "the signer is locked" },
  });
});

test("an unlocked account is signed for without its password, but not without a question", async () => {
  const signer = await start();
  const [account] = sampleAccounts;
  const words = ["unlock", account, "uses", "2", "by", "loopback:http"];
  expect(await cleft(signer, words, samplePassword)).toMatchObject({
    exit: 0,
    out: expect.stringContaining(
      `${account} is unlocked for loopback:http: 2 signatures within 15 min.\nYou are still asked about each of them. End it with: cleft lock ${account}\n`,
    ),
  });
  expect((await cleft(signer, ["status"])).out).toContain(
    "for loopback:http\n          2 signatures",
  );
  for (const nonce of ["0x0", "0x1"]) {
    const { result } = await signer.call("account_signTransaction", [payment({ nonce })]);
    expect(result).toHaveProperty("raw");
  }
  expect([countOf(signer, "ui_approveTx"), countOf(signer, "ui_onInputRequired")]).toEqual([2, 0]);
  await signer.call("account_signTransaction", [payment({ nonce: "0x2" })]);
  expect([countOf(signer, "ui_approveTx"), countOf(signer, "ui_onInputRequired")]).toEqual([3, 1]);
  expect(readLedger(signer)).toContain('"for":"loopback:http"');
});

test("an unlock that fails is written down as such", async () => {
  const signer = await start();
  await cleft(signer, ["unlock", sampleAccounts[0]], "wrong");
  const [act, refusal] = readLedger(signer)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(act).toMatchObject({ type: "act" });
  expect(refusal).toMatchObject({
    type: "refusal",
    request: act.request,
    failure: "password.wrong",
  });
});

test("cleft lock ADDRESS ends the unlocking of that account alone, and serving goes on", async () => {
  const signer = await start();
  const [account, other] = sampleAccounts;
  await cleft(signer, ["unlock", account], samplePassword);
  await cleft(signer, ["unlock", other, "for", "1h", "uses", "1"], samplePassword);
  const { out } = await cleft(signer, ["lock", account.slice(2).toLowerCase()]);
  expect(out).toBe(
    `${account} is locked again: each signature needs its password. The signer goes on serving.\n`,
  );
  const status = (await cleft(signer, ["status"])).out;
  expect(status).toContain("state     ready\n");
  expect(status.match(/^unlocked/gm)).toHaveLength(1);
  expect(status).toMatch(
    new RegExp(
      `^unlocked  ${other} for any caller\n {10}1 signature until \\S+ \\S+Z \\(59 min`,
      "m",
    ),
  );
  expect(await signer.call("account_signTransaction", [payment()])).toHaveProperty("result");
  expect(countOf(signer, "ui_onInputRequired")).toBe(1);
  const shown = await cleft(signer, ["audit", "show", account]);
  expect(shown.out).toMatch(
    /done: unlock\n[\s\S]*for +any caller, 15 min, 100 signatures\n[\s\S]*done: lock\n/,
  );
  expect(signer.log()).toMatch(/An account is locked again +account=0xf39F/);
  const again = await cleft(signer, ["lock", account]);
  expect(again).toMatchObject({ exit: 0, out: expect.stringContaining("was not unlocked") });
  const nobody = await cleft(signer, ["lock", `0x${"1".repeat(40)}`]);
  expect(nobody).toMatchObject({ exit: 1, err: expect.stringContaining("no key for 0x1111") });
});

test("cleft unlock doesn't claim to have ended a lock that wasn't there", async () => {
  const signer = await start();
  const { exit, out } = await cleft(signer, ["unlock"]);
  expect({ exit, out }).toEqual({
    exit: 0,
    out: expect.stringMatching(/^The signer wasn't locked/),
  });
  await cleft(signer, ["lock"]);
  expect((await cleft(signer, ["unlock"])).out).toMatch(/^Unlocked: requests are served again/);
});

test("an unlocking whose command has gone isn't done", async () => {
  const signer = await start();
  const [account] = sampleAccounts;
  const terms = { account, caller: "any", forMs: 60_000, uses: 1 };
  const line = { command: "unlock-account", terms, secretBytes: samplePassword.length };
  const socket = connect(join(signer.home.configDir, "control.sock"));
  await new Promise((resolve) =>
    socket.write(`${JSON.stringify(line)}\n${samplePassword}`, () => resolve(undefined)),
  );
  socket.destroy();
  await until(() => readLedger(signer).includes('"failure":"aborted"'));
  expect((await cleft(signer, ["status"])).out).not.toContain("unlocked");
});

test("a narrower unlocking says that a wider one still holds", async () => {
  const signer = await start();
  const [account] = sampleAccounts;
  await cleft(signer, ["unlock", account], samplePassword);
  const { out } = await cleft(signer, ["unlock", account, "by", "socket:ipc"], samplePassword);
  expect(out).toContain("It stays unlocked for any caller as well");
});

test("unlock looks whether it can before it asks for a password", async () => {
  const signer = await start();
  const unknown = await cleft(signer, ["unlock", `0x${"1".repeat(40)}`], samplePassword);
  expect(unknown).toMatchObject({ exit: 1, err: expect.stringContaining("no key for") });
  expect(unknown.out).not.toContain("password");
  await cleft(signer, ["lock"]);
  const locked = await cleft(signer, ["unlock", sampleAccounts[0]], samplePassword);
  expect(locked.out).not.toContain("password");
});

test("no mistake in cleft.toml keeps a signer from being locked, unlocked or looked at", async () => {
  const signer = await start();
  writeFileSync(join(signer.home.configDir, "cleft.toml"), "nonsense = 1\n", { mode: 0o600 });
  for (const words of [["status"], ["lock"], ["unlock"], ["audit", "verify"], ["audit", "show"]]) {
    expect(await cleft(signer, words)).toMatchObject({ exit: 0 });
  }
});

test("a lock ends what was unlocked", async () => {
  const signer = await start();
  await cleft(signer, ["unlock", sampleAccounts[0]], samplePassword);
  await cleft(signer, ["lock"]);
  await cleft(signer, ["unlock"]);
  expect((await cleft(signer, ["status"])).out).not.toContain("unlocked");
  await signer.call("account_signTransaction", [payment()]);
  expect(countOf(signer, "ui_onInputRequired")).toBe(1);
});

test.each([
  [["unlock", sampleAccounts[0]], "wrong", "could not decrypt key with given password"],
  [["unlock", "0x12"], "", 'expected an address of 40 hex digits, got "0x12"'],
  [["lock", "0x12"], "", 'expected an address of 40 hex digits, got "0x12"'],
  [["lock", sampleAccounts[0], "now"], "", "expected at most 1 argument"],
  [["unlock", sampleAccounts[0].replace("F6F4", "f6F4")], "", "got another checksum"],
  [["unlock", sampleAccounts[0], "for", "25h"], "", "expected a time of at most 24h"],
  [["unlock", sampleAccounts[0], "uses", "0"], "", "expected 1 to 1000000 uses"],
  [["unlock", sampleAccounts[0], "until", "x"], "", 'expected "for", "uses" or "by"'],
])("cleft %j refuses with a reason", async (words, input, reason) => {
  const signer = await start();
  const { exit: code, err: stderr } = await cleft(signer, words, input);
  expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
});

test.each([
  "",
  "x\n",
  "[]\n",
  '{"command":"export"}\n',
  '{"command":"lock-account","account":"0x1"}\n',
  '{"command":"unlock-account","terms":{},"secretBytes":1}\n',
  `{"command":"unlock-account","terms":{"account":"${sampleAccounts[0]}","caller":"any","forMs":1000,"uses":0},"secretBytes":0}\n`,
  '{"command":"unlock-account","terms":{"account":"0x1"},"secretBytes":99999999}\n',
  "x".repeat(100_000),
])("the control socket refuses %j and goes on serving", async (text) => {
  const signer = await start();
  const reply = await new Promise<string>((resolve) => {
    let said = "";
    const socket = connect(join(signer.home.configDir, "control.sock"));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    socket.on("error", () => undefined).on("close", () => resolve(said));
    socket.end(text);
  });
  expect(reply).not.toContain('"result"');
  expect((await cleft(signer, ["status"])).exit).toBe(0);
});

test("clients that say half or never close take nobody's place, and don't hold up the end", async () => {
  const signer = await start();
  const path = join(signer.home.configDir, "control.sock");
  const half = connect(path);
  half.on("error", () => undefined).write('{"comm');
  const ended = new Promise((resolve) => half.on("close", resolve));
  const open = Array.from({ length: 7 }, () => connect({ path, allowHalfOpen: true }));
  await Promise.all(
    open.map((socket) => {
      const answered = new Promise((resolve) => socket.once("data", resolve));
      socket.on("error", () => undefined).write('{"command":"status"}\n');
      return answered;
    }),
  );
  expect((await cleft(signer, ["lock"])).exit).toBe(0);
  await ended;
  expect((await cleft(signer, ["status"])).out).toContain("locked");
  const late = connect(path);
  late.on("error", () => undefined).write("{");
  expect(await signer.stop()).toBe(0);
  for (const socket of [...open, late]) socket.destroy();
});

test("a command that waits for a signer which doesn't answer can be interrupted", async () => {
  const signer = await start();
  signer.child.kill("SIGSTOP");
  const command = spawnCommand(["--configdir", signer.home.configDir, "lock"]);
  let err = "";
  command.stderr.on("data", (text) => {
    err += text;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  command.kill("SIGTERM");
  expect(await new Promise((resolve) => command.once("close", resolve))).toBe(1);
  expect(err).toBe("terminated\n");
});
