import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { makeHome, payment, sampleAccounts, samplePassword } from "../support/signer.ts";
import { start } from "./running.ts";

/** Runs `cleft audit …` to its end. */
function audit(...args: readonly string[]) {
  return runCommand(["audit", ...args]);
}

test("the ledger is read beside a running signer, and on a copy that others may read", async () => {
  const signer = await start();
  const { configDir, folder } = signer.home;
  await signer.call("account_signTransaction", [payment()]);
  const [noted = ""] = audit("head", "--configdir", configDir).out.split(" ");
  await signer.call("account_list");

  expect(audit("verify", "--configdir", configDir)).toMatchObject({ exit: 0, err: "" });
  const copy = join(folder, "copy");
  cpSync(configDir, copy, { recursive: true, filter: (path) => !/\.(?:pid|sock|ipc)$/.test(path) });
  for (const name of ["ledger.jsonl", "ledger.head"]) chmodSync(join(copy, name), 0o644);
  const [head] = audit("head", copy).out.split(" ");
  expect(audit("verify", copy, noted, head ?? "").exit).toBe(0);
  const shown = audit("show", copy);
  expect(shown.out).toEqual(audit("show", "--configdir", configDir).out);
  expect(audit("show", copy, "1").out.match(/^\d/gm)).toHaveLength(1);
  expect(audit("verify", copy, noted).out).toMatch(
    /^the ledger verifies\n {2}records {2}3, from .*\n {2}head {5}3:[0-9a-f]{64}\n {2}noted {4}1 noted/,
  );

  const path = join(copy, "ledger.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replace('"valueWei":"1"', '"valueWei":"2"'));
  const { exit, out, err } = audit("verify", copy);
  expect([exit, out]).toEqual([1, ""]);
  expect(err).toMatch(/record 2 doesn't follow record 1.*\nhint: keep ledger.jsonl/);
});

test.each<readonly [readonly string[], RegExp]>([
  [[], /^expected one of: audit verify, audit show, audit head\n/],
  [["foo"], /^invalid command: "audit foo"\n/],
  [["verify", "/nowhere"], /^there is no ledger in \/nowhere\nhint: name the directory/],
  [["verify", "/x", "/y"], /^expected one folder/],
  [["verify", "7:x"], /^expected a head as number:hash, got "7:x"\nhint: cleft audit head/],
  [["head", "x"], /^there is no ledger in x\n/],
  [["head", "x", "y"], /^expected one folder\n/],
  [["show", "/nowhere"], /^there is no ledger in \/nowhere\nhint: name the directory/],
  [["show", "/x", "/y"], /^expected one folder, and one number/],
  [["show", "x"], /^expected a number, a request or an address, got "x"\n/],
  [
    ["show", "5", "--json"],
    /^expected one folder, and one number.*\nhint: flags come before the first argument/,
  ],
  [["verify", "--json"], /^flag provided but not defined: -json\n/],
])("audit %j is refused, says why and exits with 1", (args, text) => {
  const { exit, out, err } = audit(...args);
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toMatch(text);
});

test("entries are shown newest last, by number, request and account, and as JSON", async () => {
  const signer = await start();
  const { configDir } = signer.home;
  await signer.call("account_signTransaction", [payment()]);
  signer.window.answerer = () => ({ approved: false });
  await signer.call("account_signTransaction", [payment({ from: sampleAccounts[1] })]);

  const show = (...args: readonly string[]) => audit("show", "--configdir", configDir, ...args);
  const { out } = show();
  expect(out.indexOf("signed, approved by a program")).toBeLessThan(out.indexOf("REFUSED"));
  expect(show("1").out).toMatch(
    /^[^\n]+REFUSED \(request.denied\)\n {4}what .*\n {4}account {3}0x7099/,
  );
  expect(show(sampleAccounts[0]).out).not.toContain("REFUSED");
  expect(show(sampleAccounts[0].slice(2))).toEqual(show(sampleAccounts[0]));
  const [, id = ""] = /request {3}([0-9a-f]{8})/.exec(out) ?? [];
  expect(show(id).out).toContain("value     0.000000000000000001 ETH");
  const records = show("--json", id).out.trim().split("\n");
  expect(records.map((line) => JSON.parse(line).type)).toEqual(["intent", "outcome"]);
  expect(show("0x1234")).toMatchObject({ exit: 1, out: "" });
});

test("the audit log names the request of the ledger, is private and has no password", async () => {
  const signer = await start();
  const path = join(signer.home.configDir, "audit.log");
  await signer.call("account_signTransaction", [payment()]);
  signer.window.answerer = () => ({ accounts: null });
  await signer.call("account_list");
  await signer.stop();
  const log = readFileSync(path, "utf8");
  const ledger = readFileSync(join(signer.home.configDir, "ledger.jsonl"), "utf8");
  const ids = [...ledger.matchAll(/"request":"([^"]+)"/g)].map(([, id]) => id);
  expect([...log.matchAll(/ id=(\S+)$/gm)].map(([, id]) => id)).toEqual([
    ids[0],
    ids[0],
    ids[2],
    ids[2],
  ]);
  expect(log).toMatch(/msg=List .*type=response data=\[\] error="request denied" id=/);
  expect(log).not.toContain(samplePassword);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  [
    "in no folder",
    "/nowhere/audit.log",
    /^Fatal: open \/nowhere\/audit\.log: no such file or directory$/m,
  ],
  ["where nothing can be made", "/proc/audit.log", /^Fatal: open \/proc\/audit\.log: no such/m],
  ["that is a folder", "/tmp", /^Fatal: \/tmp: EISDIR: /m],
  ["that is another file", import.meta.filename, /^Fatal: .* is another file/m],
])("an audit log %s ends the start, and says what to do", (_name, path, text) => {
  const home = makeHome({ sample: false });
  const flags = ["--stdio-ui", "--suppress-bootwarn", "--configdir", home.configDir];
  const { exit, out, err } = runCommand([
    ...flags,
    "--keystore",
    home.keystore,
    "--auditlog",
    path,
  ]);
  home.remove();
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toMatch(text);
  expect(err).toMatch(
    /\nhint: (?:make its folder: mkdir|name another file, or none|name a file of its own)/,
  );
});

test("signing goes on if the folder of the audit log is lost later", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cleft-audit-"));
  const signer = await start({ args: ["--auditlog", join(folder, "audit.log")] });
  rmSync(folder, { recursive: true });
  expect(await signer.call("account_signTransaction", [payment()])).toHaveProperty("result");
  expect(signer.log()).toContain("The audit log can't be written");
});

function mount(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

const canMount = process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;
if (!canMount) console.warn("SKIPPED: a full disk needs root, who may mount one");

test.skipIf(!canMount)(
  "a full disk: nothing is signed, the caller knows why, and with free space it goes on",
  async () => {
    const home = makeHome({ sample: true });
    mkdirSync(home.configDir);
    mount("-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", home.configDir);
    try {
      const signer = await start({ home });
      const sign = (nonce: number) =>
        signer.call("account_signTransaction", [payment({ nonce: `0x${nonce}` })]);
      expect(await sign(0)).toHaveProperty("result");
      const filler = join(home.configDir, "filler");
      for (const size of [65_536, 4096, 1]) fill(filler, size);
      let refused = 0;
      for (let nonce = 1; nonce < 8; nonce++) {
        const { result, error } = await sign(nonce);
        if (result !== undefined) continue;
        refused++;
        expect(error?.message).toBe("the signer can't record the request, nothing was signed");
      }
      expect(refused).toBeGreaterThan(0);
      expect(signer.log()).toContain('hint="free some space');
      expect(audit("verify", home.configDir)).toMatchObject({ exit: 0 });
      writeFileSync(filler, "");
      expect(await sign(9)).toHaveProperty("result");
      await signer.stop();
      const { out } = audit("verify", home.configDir);
      expect(out).toMatch(/^the ledger verifies/);
      expect(out).not.toContain("without outcome");
    } finally {
      spawnSync("umount", ["-l", home.configDir]);
    }
  },
);

test.skipIf(!canMount)(
  "a configuration folder that became read-only: nothing is signed, and later it goes on",
  async () => {
    const signer = await start();
    const { configDir } = signer.home;
    expect(await signer.call("account_list")).toHaveProperty("result");
    mount("--bind", configDir, configDir);
    try {
      mount("-o", "remount,bind,ro", configDir);
      const { error } = await signer.call("account_signTransaction", [payment()]);
      expect(error?.message).toBe("the signer can't record the request, nothing was signed");
      expect(signer.log()).toMatch(/EROFS.*hint="free some space or mend the permissions/);
      expect(audit("verify", configDir).out).toMatch(/^the ledger verifies\n {2}records {2}1,/);
    } finally {
      spawnSync("umount", ["-l", configDir]);
    }
    expect(await signer.call("account_signTransaction", [payment()])).toHaveProperty("result");
    await signer.stop();
    expect(audit("verify", configDir).out).not.toContain("without outcome");
  },
);

/** Writes until the disk is full. */
function fill(path: string, size: number): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
  } catch (error) {
    expect(String(error)).toContain("ENOSPC");
  }
}
