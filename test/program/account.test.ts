import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Transaction } from "ethers";
import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { parseKeyFile } from "../../packages/signer/src/vault/keyfile.ts";
import { unseal } from "../../packages/signer/src/vault/seal.ts";
import { runCommand, startCommand } from "../support/command.ts";
import { hasShared, shared } from "../support/shared.ts";
import { type Home, makeHome, payment, sampleAccounts, samplePassword } from "../support/signer.ts";
import { approveAll } from "../support/stdio-window.ts";
import { readLedger, start, until } from "./running.ts";

const [account, other] = sampleAccounts;
const next = "another-password-1";
const homes: Home[] = [];

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function setUp({ sample = true } = {}) {
  const home = makeHome({ sample });
  homes.push(home);
  const folders = ["--keystore", home.keystore, "--configdir", home.configDir];
  const flags = [...folders, "--lightkdf", "--suppress-bootwarn"];
  const cleft = (args: readonly string[], input: readonly string[] = []) =>
    runCommand([...flags, ...args], input);
  return { ...home, flags, cleft };
}

/** The acts in the ledger, with what became of them. */
function actsIn({ configDir }: Home) {
  const lines = readFileSync(join(configDir, "ledger.jsonl"), "utf8").trim().split("\n");
  const records = lines.map((line) => JSON.parse(line));
  return records
    .filter(({ type }) => type === "act")
    .map(({ request, caller, method, account }) => {
      const end = records.find((one) => one.request === request && one.type !== "act");
      return [caller, method, account, end?.failure ?? end?.type];
    });
}

function pathOf({ keystore }: Home, address: string): string {
  const name = readdirSync(keystore).find((file) => file.endsWith(address.slice(2).toLowerCase()));
  return join(keystore, name ?? "");
}

function opens(path: string, password: string): boolean {
  try {
    const { sealed } = parseKeyFile(readFileSync(path));
    unseal(sealed, Secret.taking(Buffer.from(password))).wipe();
    return true;
  } catch {
    return false;
  }
}

test("account passwd encrypts the key under the new password, in the same file, and records it", () => {
  const home = setUp();
  const path = pathOf(home, account);
  const { exit, out, err } = home.cleft(
    ["account", "passwd", account],
    [samplePassword, next, next],
  );
  expect({ exit, err }).toEqual({ exit: 0, err: expect.stringContaining("old password") });
  expect(out).toContain(`The password of ${account} was changed\n`);
  expect(out + err).not.toContain(next);
  expect([opens(path, samplePassword), opens(path, next)]).toEqual([false, true]);
  expect(readdirSync(home.keystore)).toHaveLength(2);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(actsIn(home)).toEqual([["cli", "account passwd", account.toLowerCase(), "done"]]);
});

test.each<[string, readonly string[], RegExp]>([
  [
    "a wrong password",
    ["wrong-password", next, next],
    /^could not decrypt key with given password\nhint: nothing was changed; start again with/m,
  ],
  ["a weak new password", [samplePassword, "short", "short"], /password too short/],
  ["two different new passwords", [samplePassword, next, `${next}x`], /Passwords do not match/],
  ["no new password", [samplePassword], /EOF/],
  [
    "a new password that comes once",
    [samplePassword, next],
    /EOF\nhint: the new password is read twice here, so a pipe gives it on two lines\n/,
  ],
])("account passwd refuses %s and leaves file and ledger alone", (_name, input, text) => {
  const home = setUp();
  const before = readFileSync(pathOf(home, account));
  const { exit, err } = home.cleft(["account", "passwd", account], input);
  expect(exit).toBe(1);
  expect(err).toMatch(text);
  expect(readFileSync(pathOf(home, account))).toEqual(before);
  expect(existsSync(join(home.configDir, "ledger.jsonl"))).toBe(false);
});

test("a wrong current password is said before a pipe is asked for anything more", () => {
  const home = setUp();
  const { out } = home.cleft(["account", "passwd", account], ["wrong-password", next, next]);
  expect(out).toContain("Please enter the current password");
  expect(out).not.toContain("new password");
});

test("account export writes an encrypted copy to stdout and nothing else there", () => {
  const home = setUp();
  const { exit, out } = home.cleft(["account", "export", account], [samplePassword, next, next]);
  expect(exit).toBe(0);
  writeFileSync(join(home.folder, "copy.json"), out);
  expect(JSON.parse(out)).toMatchObject({ version: 3, address: account.slice(2).toLowerCase() });
  expect(opens(join(home.folder, "copy.json"), next)).toBe(true);
  expect(opens(pathOf(home, account), samplePassword)).toBe(true);
  expect(actsIn(home)).toEqual([["cli", "account export", account.toLowerCase(), "done"]]);
});

test("account export fails where stdout takes no backup", () => {
  const home = setUp();
  const full = openSync("/dev/full", "w");
  const { exit, err } = runCommand(
    [...home.flags, "account", "export", account],
    [samplePassword, next, next],
    { stdout: full },
  );
  closeSync(full);
  expect(exit).toBe(1);
  expect(err).toMatch(/Fatal: stdout can't be written: .*ENOSPC/);
  expect(actsIn(home).at(-1)).toEqual([
    ...["cli", "account export", account.toLowerCase(), "store.failed"],
  ]);
});

test.each(["list-accounts", "help"])("%s fails where stdout takes no result", (command) => {
  const full = openSync("/dev/full", "w");
  const { exit, err } = runCommand([...setUp().flags, command], [], { stdout: full });
  closeSync(full);
  expect(exit).toBe(1);
  expect(err).toContain("Fatal: stdout can't be written");
});

test("account export writes a private file, overwrites none, and none into the keystore", () => {
  const home = setUp();
  const copy = join(home.folder, "copy.json");
  const input = [samplePassword, next, next];
  expect(home.cleft(["account", "export", account, copy], input).exit).toBe(0);
  expect(opens(copy, next)).toBe(true);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const before = readFileSync(copy);
  const again = home.cleft(["account", "export", account, copy], input);
  expect({ exit: again.exit, out: again.out }).toEqual({ exit: 1, out: "" });
  expect(again.err).toContain("already exists");
  expect(readFileSync(copy)).toEqual(before);
  const inside = home.cleft(["account", "export", account, join(home.keystore, "x")], input);
  expect({ exit: inside.exit, out: inside.out }).toEqual({ exit: 1, out: "" });
  expect(inside.err).toContain("outside of the keystore");
  expect(actsIn(home)).toHaveLength(1);
});

test("account export makes no folder, and finds the keystore behind a link", () => {
  const home = setUp();
  const away = home.cleft(["account", "export", account, join(home.folder, "usb", "copy.json")]);
  expect(away).toMatchObject({ exit: 1, out: "", err: expect.stringContaining("no such file") });
  expect(existsSync(join(home.folder, "usb"))).toBe(false);
  symlinkSync(home.keystore, join(home.folder, "link"));
  const inside = home.cleft(["account", "export", account, join(home.folder, "link", "x")]);
  expect(inside).toMatchObject({ exit: 1, out: "", err: expect.stringContaining("outside") });
});

describe.skipIf(!hasShared)("with files of other programs", () => {
  const vectors = (name: string) =>
    JSON.parse(readFileSync(`${shared}/vectors/keystore/${name}`, "utf8"));

  test.each(["geth-v1-vectors.json:test1", "ethereum-tests-basic.json:evilnonce"])(
    "account import takes %s, and says when it named no account",
    (title) => {
      const [name = "", key = ""] = title.split(":");
      const { json, password } = vectors(name)[key];
      const home = setUp({ sample: false });
      const path = join(home.folder, "file");
      writeFileSync(path, JSON.stringify(json));
      const { exit, out, err } = home.cleft(["account", "import", path], [password, next, next]);
      expect(exit).toBe(0);
      const [, address = ""] = /Address (0x\w{40})$/m.exec(out) ?? [];
      expect(opens(pathOf(home, address), next)).toBe(true);
      expect(err.includes("named no account")).toBe(json.address === undefined);
      if (json.address !== undefined) expect(address.toLowerCase()).toBe(`0x${json.address}`);
    },
  );

  test("a daemon signs with a version 1 file that lies in the keystore", async () => {
    const { json, password } = vectors("geth-v1-vectors.json").test1;
    const home = makeHome({ sample: true });
    writeFileSync(join(home.keystore, "old"), JSON.stringify(json));
    const signer = await start({ home, answerer: approveAll(password) });
    const from = `0x${json.address}`;
    const { result } = await signer.call("account_signTransaction", [payment({ from })]);
    const { raw } = result as { raw: string };
    expect(Transaction.from(raw).from?.toLowerCase()).toBe(from);
  });
});

test("names of files can't move the cursor, in a listing or in account show", () => {
  const home = setUp();
  copyFileSync(pathOf(home, other), join(home.keystore, "evil\u001b[2J\nname"));
  for (const args of [["list-accounts"], ["list-wallets"], ["account", "show"]]) {
    const { exit, out, err } = home.cleft(args);
    expect(exit).toBe(0);
    expect(out).toContain("evil⟨U+001B⟩[2J⟨U+000A⟩name");
    expect(out + err).not.toContain("\u001b");
  }
});

test("commands at the same time wait for each other's record", async () => {
  const home = setUp({ sample: false });
  const all = await Promise.all(
    [0, 1, 2].map(() => startCommand([...home.flags, "newaccount"], [samplePassword])),
  );
  expect(all.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  expect(actsIn(home)).toHaveLength(3);
});

test("account import takes an export in under a third password, and refuses it a second time", () => {
  const home = setUp();
  const copy = join(home.folder, "copy.json");
  home.cleft(["account", "export", account, copy], [samplePassword, next, next]);
  const there = home.cleft(["account", "import", copy], [next, "third-password", "third-password"]);
  expect({ exit: there.exit, out: there.out }).toEqual({ exit: 1, out: "" });
  expect(there.err).toMatch(/already exists/);
  const unnamed = join(home.folder, "unnamed.json");
  writeFileSync(unnamed, readFileSync(copy, "utf8").replace(/"address":"\w+",/, ""));
  const still = home.cleft(["account", "import", unnamed], [next]);
  expect(still).toMatchObject({ exit: 1, err: expect.stringContaining("already exists") });
  expect(still.out).not.toContain("new password");
  const empty = setUp({ sample: false });
  const { exit, out } = empty.cleft(
    ["account", "import", copy],
    [next, "third-password", "third-password"],
  );
  expect(exit).toBe(0);
  expect(out).toContain(`Key imported:\n  Address ${account}\n  Keystore file: /`);
  expect(opens(pathOf(empty, account), "third-password")).toBe(true);
  expect(actsIn(empty)).toEqual([["cli", "account import", account.toLowerCase(), "done"]]);
});

test.each<[string, string | undefined, RegExp]>([
  ["no file", undefined, /no such file or directory/],
  ["a file that is no key file", "notes", /it is not JSON/],
])("account import refuses %s before it asks for a password", (_name, content, text) => {
  const home = setUp();
  const path = join(home.folder, "file");
  if (content !== undefined) writeFileSync(path, content);
  const { exit, out, err } = home.cleft(["account", "import", path]);
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toMatch(text);
});

test("account label names an account for account show, and list-accounts stays as Clef has it", () => {
  const home = setUp();
  expect(home.cleft(["account", "label", account, "Treasury, Zürich"]).exit).toBe(0);
  expect(statSync(join(home.configDir, "labels.json")).mode & 0o777).toBe(0o600);
  expect(home.cleft(["account", "show", account.toLowerCase()]).out).toContain(
    "Treasury, Zürich\n",
  );
  expect(home.cleft(["list-accounts"]).out).not.toContain("Treasury");
  const bare = account.slice(2);
  expect(home.cleft(["account", "show", bare]).out).toContain("Treasury");
  expect(home.cleft(["account", "label", bare, ""]).exit).toBe(0);
  expect(home.cleft(["account", "show", account]).out).toContain("label    none");
  for (const bad of ["two\nlines", "\u202egnol", " x", "x".repeat(65)]) {
    const { exit, err } = home.cleft(["account", "label", account, bad]);
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining("expected a label") });
  }
  expect(actsIn(home)).toHaveLength(2);
});

test("audit show says what was done, to what, and what failed", () => {
  const home = setUp();
  home.cleft(["account", "label", account, "Savings"]);
  const copy = join(home.folder, "copy.json");
  home.cleft(["account", "export", account, copy], [samplePassword, next, next]);
  const full = openSync("/dev/full", "w");
  const args = [...home.flags, "account", "export", account];
  runCommand(args, [samplePassword, next, next], { stdout: full });
  closeSync(full);
  const { out, err } = home.cleft(["audit", "show"]);
  const named = `    account   ${account} (your "Savings")\n`;
  expect(out.split("\n\n").map((entry) => entry.replace(/^\S+ \S+ {2}/, ""))).toEqual([
    expect.stringContaining(`done: account label\n${named}    label     Savings\n`),
    expect.stringContaining(`done: account export\n${named}    file      ${copy}\n`),
    expect.stringContaining(
      `FAILED (store.failed): account export\n${named}    file      stdout\n`,
    ),
  ]);
  expect(out + err).not.toContain(next);
  expect(home.cleft(["audit", "show", "1"]).out).toContain("FAILED");
});

test("account show tells file, strength, time and what is wrong", () => {
  const home = setUp();
  copyFileSync(pathOf(home, other), join(home.keystore, "twin"));
  const { exit, out, err } = home.cleft(["account", "show"]);
  expect(exit).toBe(0);
  expect(out.match(/^0x/gm)).toHaveLength(3);
  expect(out).toContain(`file     ${pathOf(home, account)}\n`);
  expect(out).toContain("key      version 3, aes-128-ctr, scrypt n=4096 r=8 p=6\n");
  expect(out).toContain("created  1970-01-01 00:00:00Z\n");
  expect(out).toContain("created  unknown");
  expect(out.match(/2 files hold this account/g)).toHaveLength(2);
  expect(out.match(/light key derivation, guesses at the password are cheap/g)).toHaveLength(3);
  expect(err).toMatch(/Two key files hold the same account.*one=.*other=.*twin/);
  const one = home.cleft(["account", "show", account]).out;
  expect(one.match(/^0x/gm)).toHaveLength(1);
  expect(one).not.toContain("2 files");
});

test.each([
  ["passwd", []],
  ["passwd", ["0x12"]],
  ["show", ["0xF39fd6e51aad88f6f4ce6aB8827279cffFb92266"]],
  ["show", ["F39fd6e51aad88f6f4ce6aB8827279cffFb92266"]],
  ["export", []],
  ["import", []],
  ["label", [account]],
  ["label", []],
  ["show", [account, account]],
])("account %s %j is refused and says what to type", (command, args) => {
  const { exit, out, err } = runCommand(["account", command, ...args]);
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toContain(`hint: cleft account ${command} `);
});

test("account, account help and --help say how accounts are changed, flags stand where one likes", () => {
  const text = runCommand(["account"]);
  expect(text).toMatchObject({ exit: 0, err: "" });
  for (const args of [
    ["account", "help"],
    ["help", "account"],
    ["--help", "account"],
  ]) {
    expect(runCommand(args)).toEqual(text);
  }
  const ofPasswd = runCommand(["account", "passwd", "--help"]);
  expect(ofPasswd.out).toMatch(/^USAGE:\n {3}cleft account passwd <address>\n/);
  for (const args of [
    ["account", "help", "passwd"],
    ["help", "account", "passwd"],
  ]) {
    expect(runCommand(args)).toEqual(ofPasswd);
  }
  const home = setUp();
  const show = [
    "account",
    "--keystore",
    home.keystore,
    "show",
    "--configdir",
    home.configDir,
    account,
  ];
  expect(runCommand(show)).toMatchObject({ exit: 0, out: expect.stringContaining(account) });
  expect(runCommand(["account", "foo"]).err).toContain('invalid command: "account foo"');
});

test("an account without a key, or with two, can't be changed or exported", () => {
  const home = setUp();
  copyFileSync(pathOf(home, other), join(home.keystore, "twin"));
  const nobody = `0x${"1".repeat(40)}`;
  for (const command of ["passwd", "export"]) {
    const unknown = home.cleft(["account", command, nobody]);
    expect(unknown).toMatchObject({ exit: 1, out: "", err: expect.stringContaining("no key for") });
    const twice = home.cleft(["account", command, other]);
    expect(twice).toMatchObject({
      exit: 1,
      out: "",
      err: expect.stringContaining("2 key files for"),
    });
  }
  expect(home.cleft(["account", "label", nobody, "x"])).toMatchObject({ exit: 1, out: "" });
});

test("newaccount and importraw are recorded before their files are there", () => {
  const home = setUp({ sample: false });
  const made = home.cleft(["newaccount"], [samplePassword]);
  const [, address = ""] = /^Generated account (0x\w{40})$/m.exec(made.out) ?? [];
  writeFileSync(join(home.folder, "key"), "1".repeat(64));
  const imported = home.cleft(
    ["importraw", join(home.folder, "key")],
    [samplePassword, samplePassword],
  );
  const [, raw = ""] = /Address (0x\w{40})$/m.exec(imported.out) ?? [];
  expect(actsIn(home)).toEqual([
    ["cli", "newaccount", address.toLowerCase(), "done"],
    ["cli", "importraw", raw.toLowerCase(), "done"],
  ]);
});

test("a ledger that was tampered with stops every change, and a key isn't made", () => {
  const home = setUp({ sample: false });
  home.cleft(["newaccount"], [samplePassword]);
  const ledger = join(home.configDir, "ledger.jsonl");
  writeFileSync(ledger, readFileSync(ledger, "utf8").replace("newaccount", "listing"));
  writeFileSync(join(home.folder, "key"), "1".repeat(64));
  for (const args of [["newaccount"], ["importraw", join(home.folder, "key")]]) {
    const { exit, out, err } = home.cleft(args, [samplePassword, samplePassword]);
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining("doesn't verify") });
    // Before anybody types a password for nothing.
    expect(out).toBe("");
  }
  expect(readdirSync(home.keystore)).toHaveLength(1);
});

test("a running daemon notices keys that come, change and go, and writes down what a command did", async () => {
  const signer = await start();
  const { home } = signer;
  const flags = ["--keystore", home.keystore, "--configdir", home.configDir, "--lightkdf"];
  const list = async () => (await signer.call("account_list")).result;
  const known = sampleAccounts.map((address) => address.toLowerCase());
  expect(await list()).toEqual(known);
  const made = runCommand([...flags, "--suppress-bootwarn", "newaccount"], [samplePassword]);
  expect(made.exit).toBe(0);
  expect(readLedger(signer)).toContain('"type":"act"');
  expect(readLedger(signer)).toContain('"method":"newaccount"');
  const [, address = ""] = /^Generated account (0x\w{40})$/m.exec(made.out) ?? [];
  expect(await list()).toEqual([...known, address.toLowerCase()]);
  await until(() => signer.log().includes("A key file appeared"));

  runCommand([...flags, "account", "passwd", account], [samplePassword, next, next]);
  const refused = await signer.call("account_signTransaction", [payment()]);
  expect(refused).toMatchObject({
    error: { message: "could not decrypt key with given password" },
  });

  copyFileSync(pathOf(home, other), join(home.keystore, "twin"));
  expect(await list()).toEqual([...known, address.toLowerCase(), known[1]]);
  await until(() => signer.log().includes("Two key files hold the same account"));
  const twice = await signer.call("account_signTransaction", [payment({ from: other })]);
  expect(twice).toMatchObject({ error: { message: "multiple keys match address" } });
});
