import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { parseKeyFile } from "../../packages/signer/src/vault/keyfile.ts";
import { unseal } from "../../packages/signer/src/vault/seal.ts";
import { runCommand, spawnCommand } from "../support/command.ts";
import { type Home, makeHome, sampleAccounts, samplePassword } from "../support/signer.ts";

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("SKIPPED: full and read-only disks need root, to mount them");

const [account] = sampleAccounts;
const homes: Home[] = [];
const mounts: string[] = [];

afterEach(() => {
  for (const mount of mounts.splice(0)) execFileSync("umount", [mount]);
  for (const home of homes.splice(0)) home.remove();
});

function newHome({ sample }: { sample: boolean }) {
  const home = makeHome({ sample });
  homes.push(home);
  const flags = ["--keystore", home.keystore, "--configdir", home.configDir];
  const all = [...flags, "--lightkdf", "--suppress-bootwarn"];
  const cleft = (args: readonly string[], input: readonly string[]) =>
    runCommand([...all, ...args], input);
  return { ...home, flags: all, cleft };
}

/** A disk of 64 KiB at a folder, which keeps what the folder held; then it is full, or read-only. */
function mount(folder: string, fault: "full" | "read-only"): void {
  mkdirSync(folder, { recursive: true });
  const held = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", folder]);
  mounts.push(folder);
  for (const [name, bytes] of held) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  if (fault === "read-only") execFileSync("mount", ["-o", "remount,ro", folder]);
  else fill(join(folder, "~"));
}

function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(4096), { flag: "a" });
  } catch {
    return;
  }
}

/** What lies in a folder besides what filled it. */
const filesIn = (folder: string) => readdirSync(folder).filter((name) => name !== "~");

function typesIn({ configDir }: Home): string[] {
  const lines = readFileSync(join(configDir, "ledger.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line).type);
}

const next = "another-password-1";

describe.skipIf(!isRoot).each(["full", "read-only"] as const)("a %s disk", (fault) => {
  test("under the keystore: no key is made, no part of a file stays, and the ledger knows it", () => {
    const home = newHome({ sample: false });
    mount(home.keystore, fault);
    const { exit, out, err } = home.cleft(["newaccount"], [samplePassword]);
    expect(exit).toBe(1);
    expect(out).not.toContain("Generated account");
    expect(err).toMatch(
      /^Fatal: .*(?:ENOSPC: no space left on device|EROFS: read-only file system)/m,
    );
    expect(filesIn(home.keystore)).toEqual([]);
    expect(typesIn(home)).toEqual(["act", "refusal"]);
  });

  test("under the keystore: a password stays the old one, and no part of a file stays", () => {
    const home = newHome({ sample: true });
    const before = filesIn(home.keystore);
    mount(home.keystore, fault);
    const { exit, err } = home.cleft(["account", "passwd", account], [samplePassword, next, next]);
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringMatching(/^Fatal: /m) });
    expect(filesIn(home.keystore)).toEqual(before);
    expect(passwordOf(home)).toBe(samplePassword);
    expect(typesIn(home)).toEqual(["act", "refusal"]);
  });

  test("under the ledger: nothing is made or changed, and the error says how to go on", () => {
    const home = newHome({ sample: true });
    const before = filesIn(home.keystore).map((name) => readFileSync(join(home.keystore, name)));
    mount(home.configDir, fault);
    const acts: readonly [readonly string[], readonly string[]][] = [
      [["newaccount"], [samplePassword]],
      [
        ["account", "passwd", account],
        [samplePassword, next, next],
      ],
      [
        ["account", "export", account, join(home.folder, "copy")],
        [samplePassword, next, next],
      ],
    ];
    for (const [args, input] of acts) {
      const { exit, err } = home.cleft(args, input);
      expect({ exit, err }).toEqual({ exit: 1, err: expect.stringMatching(/^Fatal: .*\nhint: /m) });
    }
    const after = filesIn(home.keystore).map((name) => readFileSync(join(home.keystore, name)));
    expect(after).toEqual(before);
    expect(existsSync(join(home.folder, "copy"))).toBe(false);
    expect(filesIn(home.configDir).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  test("under an export: no part of a file stays", () => {
    const home = newHome({ sample: true });
    const folder = join(home.folder, "usb");
    mount(folder, fault);
    const copy = join(folder, "copy.json");
    const { exit, out } = home.cleft(
      ["account", "export", account, copy],
      [samplePassword, next, next],
    );
    expect(exit).toBe(1);
    expect(out).not.toContain("An encrypted copy");
    expect(filesIn(folder)).toEqual([]);
  });
});

/** The one of the two passwords that opens the account's only file. */
function passwordOf({ keystore }: Home): string {
  const suffix = account.slice(2).toLowerCase();
  const names = readdirSync(keystore).filter((name) => name.endsWith(suffix));
  expect(names).toHaveLength(1);
  const { sealed } = parseKeyFile(readFileSync(join(keystore, names[0] ?? "")));
  const fitting = [samplePassword, next].filter((password) => {
    try {
      unseal(sealed, Secret.taking(Buffer.from(password))).wipe();
      return true;
    } catch {
      return false;
    }
  });
  expect(fitting).toHaveLength(1);
  return fitting[0] ?? "";
}

const kills = 6;

test("kill -9 in the middle of account passwd: one file stays, and one of the passwords opens it", async () => {
  const home = newHome({ sample: true });
  const changed = { before: 0, after: 0 };
  let landed = 0;
  for (let round = 0; landed < kills; round++) {
    expect(round, "too many kills missed the gap").toBeLessThan(10 * kills);
    const old = passwordOf(home);
    const fresh = old === next ? samplePassword : next;
    const temporary = await killed(home, [old, fresh, fresh], round);
    if (temporary) landed++;
    changed[passwordOf(home) === old ? "before" : "after"]++;
    // What a kill leaves is hidden and encrypted, and no listing knows it.
    const listed = home.cleft(["list-accounts"], []).out;
    expect(listed.match(/^0x/gm)).toHaveLength(2);
  }
  console.log(`killed in the gap ${landed} times: ${JSON.stringify(changed)}`);
}, 300_000);

/** Kills a command once its temporary file is there, every third time once it is gone again. */
async function killed(home: ReturnType<typeof newHome>, input: readonly string[], round: number) {
  const child = spawnCommand([...home.flags, "account", "passwd", account]);
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  child.stdin.end(input.map((line) => `${line}\n`).join(""));
  const count = () => readdirSync(home.keystore).filter((name) => name.startsWith(".")).length;
  const before = count();
  while (count() === before && child.exitCode === null) await new Promise(setImmediate);
  if (round % 3 === 2)
    while (count() > before && child.exitCode === null) await new Promise(setImmediate);
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}
