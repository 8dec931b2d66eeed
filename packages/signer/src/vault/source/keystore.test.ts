import { mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Approved } from "../../approval/decide.ts";
import { addressOf, FakeClock, FakeLog, failure } from "../../domain/fakes.ts";
import { Secret, type Surrendered } from "../../domain/secret.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { plainStore } from "../../store/plain.ts";
import { cheapKdf, keyOf, sealedKey, secretOf, testKey } from "../fakes.ts";
import type { Job, JobResults } from "../jobs.ts";
import { encodeKeyFile } from "../keyfile.ts";
import type { VaultWorker } from "../vault-worker.ts";
import { Keystore } from "./keystore.ts";

const [a, b] = [addressOf("a"), addressOf("b")];
const sealed = sealedKey();
const fileOf = (address = a) => encodeKeyFile({ address, sealed }, "id");
const signature = { r: "0x1", s: "0x2", yParity: 0 } as const;

/** A worker that makes the key of `address`, and the jobs that it was given. */
function fakeWorker(address = a) {
  const jobs: Job[] = [];
  const run = async (job: Job): Promise<JobResults[Job["kind"]]> => {
    jobs.push(job);
    return job.kind === "sign" ? signature : { address, file: fileOf(address) };
  };
  return { jobs, worker: { run } as unknown as VaultWorker };
}

async function setUp(files: Readonly<Record<string, Uint8Array | string>> = {}) {
  const folder = join(await temporaryFolder(), "keystore");
  const [log, clock] = [new FakeLog(), new FakeClock(1795329103561)];
  const { worker, jobs } = fakeWorker();
  const store = plainStore({ random: () => "r" });
  const keystore = new Keystore({ folder, kdf: cheapKdf, store, worker, clock, log });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const listed = async () => (await keystore.accounts()).map(({ address }) => address);
  return { folder, log, jobs, keystore, listed };
}

const textOf = (secret: Surrendered | undefined) =>
  secret && Secret.adopting(secret).use((bytes) => Buffer.from(bytes).toString());

describe("Keystore.accounts()", () => {
  test("accounts() reads files of any name and mode, the address from the content", async () => {
    const { folder, keystore } = await setUp({ "UTC--x": fileOf(b), anything: fileOf(a) });
    expect(await keystore.accounts()).toEqual([
      { address: b, url: `keystore://${folder}/UTC--x` },
      { address: a, url: `keystore://${folder}/anything` },
    ]);
  });

  test("accounts() lists two files of one address twice", async () => {
    const { listed } = await setUp({ one: fileOf(), two: fileOf() });
    expect(await listed()).toEqual([a, a]);
  });

  test("accounts() ignores hidden files, backups, folders and links without a word", async () => {
    const { folder, listed, log } = await setUp({ ".hidden": fileOf(), "backup~": fileOf() });
    await mkdir(join(folder, "folder"));
    await symlink(join(folder, ".hidden"), join(folder, "link"));
    expect(await listed()).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  test("accounts() is empty where there is no folder", async () => {
    const { folder, listed } = await setUp();
    await rm(folder, { recursive: true });
    expect(await listed()).toEqual([]);
  });

  test("accounts() skips each bad file with one warning and lists the others", async () => {
    const { folder, listed, log } = await setUp({
      bomb: Buffer.from(fileOf()).toString().replace('"n":2', '"n":67108864'),
      good: fileOf(),
      large: "x".repeat(64 * 1024 + 1),
      text: "notes",
    });
    expect(await listed()).toEqual([a]);
    expect(await listed()).toEqual([a]);
    expect(log.lines).toEqual(Array(3).fill("warn Skipping a file in the keystore"));
    expect(log.fields[2]).toEqual({ path: join(folder, "text"), reason: "it is not JSON" });
  });

  test("accounts() reads a file again once it has changed, and forgets one that is gone", async () => {
    const { folder, listed, log } = await setUp({ one: fileOf(a), two: "notes" });
    expect(await listed()).toEqual([a]);
    await writeFile(join(folder, "one"), fileOf(b));
    await writeFile(join(folder, "two"), "other notes");
    expect(await listed()).toEqual([b]);
    expect(log.lines).toHaveLength(2);
    await rm(join(folder, "one"));
    expect(await listed()).toEqual([]);
  });
});

/** What the source needs of an approval; whether it is one is the vault's concern. */
const approved = { preimage: "0x02" } as unknown as Approved;

describe("Keystore.sign()", () => {
  test("sign() sends the file's sealed key, the preimage and the password to the worker", async () => {
    const { keystore, jobs } = await setUp({ one: fileOf() });
    const [account] = await keystore.accounts();
    if (account === undefined) throw new Error("no account");
    const opening = { password: secretOf("pw") };
    const job = { account, approved, opening, redeem: () => undefined } as const;
    await expect(keystore.sign(job)).resolves.toBe(signature);
    expect(jobs).toMatchObject([{ kind: "sign", account: a, sealed, preimage: "0x02" }]);
    const [job0] = jobs;
    expect(textOf(job0 !== undefined && "password" in job0 ? job0.password : undefined)).toBe("pw");
    expect(opening.password.use(({ length }) => length)).toBe(0);
  });

  test("sign() refuses when the file is gone, or holds another address by now", async () => {
    const { folder, keystore, jobs } = await setUp({ one: fileOf() });
    const [account] = await keystore.accounts();
    if (account === undefined) throw new Error("no account");
    const sign = () =>
      keystore.sign({
        account,
        approved,
        opening: { password: secretOf("pw") },
        redeem: () => undefined,
      });
    await writeFile(join(folder, "one"), fileOf(b));
    await expect(sign()).rejects.toMatchObject(failure("account.unknown"));
    await rm(join(folder, "one"));
    await expect(sign()).rejects.toMatchObject(failure("account.unknown"));
    expect(jobs).toEqual([]);
  });
});

describe("Keystore.create() and import()", () => {
  const name = /^UTC--2026-11-22T06-31-43\.561\d{6}Z--a{40}$/;

  test("create() keeps the worker's file under go-ethereum's name, for its owner only", async () => {
    const { folder, keystore, jobs, listed } = await setUp();
    const { address, url } = await keystore.create(secretOf("pw"));
    const [file = ""] = await readdir(folder);
    expect(file).toMatch(name);
    expect({ address, url }).toEqual({ address: a, url: `keystore://${join(folder, file)}` });
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect(jobs).toMatchObject([{ kind: "create", kdf: cheapKdf }]);
    expect(await listed()).toEqual([a]);
  });

  test("import() keeps the key's file and takes both secrets over", async () => {
    const { folder, keystore, jobs } = await setUp();
    const secrets = { key: keyOf(testKey), password: secretOf("pw") };
    await expect(keystore.import(secrets)).resolves.toMatchObject({ address: a });
    expect(await readdir(folder)).toHaveLength(1);
    expect(jobs).toMatchObject([{ kind: "import", kdf: cheapKdf }]);
    for (const secret of [secrets.key, secrets.password]) {
      expect(secret.use(({ length }) => length)).toBe(0);
    }
  });

  test("import() refuses an account that is there and leaves its file alone", async () => {
    const { folder, keystore } = await setUp({ one: fileOf() });
    const imported = keystore.import({ key: keyOf(testKey), password: secretOf("pw") });
    await expect(imported).rejects.toMatchObject(failure("key.exists"));
    expect(await readdir(folder)).toEqual(["one"]);
  });
});
