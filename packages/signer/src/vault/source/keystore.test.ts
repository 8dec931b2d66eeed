import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Approved } from "../../approval/decide.ts";
import { Failure } from "../../domain/failure.ts";
import { addressOf, FakeClock, FakeLog, failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { Secret, type Surrendered } from "../../domain/secret.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { plainStore } from "../../store/plain.ts";
import { cheapKdf, keyOf, sealedKey, secretOf, testKey } from "../fakes.ts";
import type { Job, JobResults } from "../job.ts";
import { encodeKeyFile } from "../keyfile.ts";
import type { VaultWorker } from "../vault-worker.ts";
import { KeyFolder } from "./folder.ts";
import { Keystore } from "./keystore.ts";
import type { Recording } from "./source.ts";

const [a, b] = [addressOf("a"), addressOf("b")];
const sealed = sealedKey();
const fileOf = (address = a) => encodeKeyFile({ address, sealed }, "id");
/** The same key, encrypted otherwise. */
const oldFile = Buffer.from(
  encodeKeyFile({ address: a, sealed: sealedKey(`${"1".repeat(64)}`) }, "id"),
);
const signature = { r: "0x1", s: "0x2", yParity: 0 } as const;

/** A worker that makes the key of `address`, and the jobs that it was given. */
function fakeWorker(address = a) {
  const jobs: Job[] = [];
  const run = async (job: Job): Promise<JobResults[Job["kind"]]> => {
    jobs.push(job);
    if (job.kind === "check" || job.kind === "identify") return address;
    return job.kind === "sign" ? signature : { address, file: fileOf(address) };
  };
  return { jobs, worker: { run } as unknown as VaultWorker };
}

/** Lets everything happen and remembers in which order. */
function remembering() {
  const events: string[] = [];
  const recording: Recording = async (account, effect) => {
    events.push(`audited ${account}`);
    return effect();
  };
  return { events, recording };
}
const { recording } = remembering();
const refusing: Recording = () =>
  Promise.reject(new Failure("ledger.unwritable", "the disk is full"));

async function setUp(files: Readonly<Record<string, Uint8Array | string>> = {}) {
  const folder = join(await temporaryFolder(), "keystore");
  const [log, clock] = [new FakeLog(), new FakeClock(1795329103561)];
  const { worker, jobs } = fakeWorker();
  let refuses = false;
  const plain = plainStore({ random: () => "r" });
  const read: typeof plain.read = (path, rules) =>
    refuses ? Promise.reject(new Failure("store.failed", "EIO")) : plain.read(path, rules);
  const store = { ...plain, read };
  const refuse = (value: boolean) => {
    refuses = value;
  };
  const keystore = new Keystore({ folder, kdf: cheapKdf, store, worker, clock, log });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const listed = async () => (await keystore.accounts()).map(({ address }) => address);
  return { folder, log, jobs, keystore, listed, refuse, store };
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
    const skipped = log.lines.filter((line) => line === "warn Skipping a file in the keystore");
    expect(skipped).toHaveLength(2);
    await rm(join(folder, "one"));
    expect(await listed()).toEqual([]);
  });
});

describe("Keystore.accounts(), among junk", () => {
  test("accounts() says once of a file whose name is not UTF-8 that it is skipped", async () => {
    const { folder, listed, log } = await setUp({ one: fileOf() });
    await writeFile(Buffer.from(`${folder}/UTC--\xff`, "latin1"), fileOf(b));
    expect(await listed()).toEqual([a]);
    await listed();
    const reason = "its name is not UTF-8, give it another";
    expect(log.fields).toEqual([{ path: join(folder, "UTC--\\xff"), reason }]);
  });

  test("accounts() names the first files that it skips, those called as keys before, and counts the rest", async () => {
    const junk = Array.from({ length: 20 }, (_, at) => [`0${at}`, "junk"] as const);
    const { folder, listed, log } = await setUp({ ...Object.fromEntries(junk), "UTC--x": "cut" });
    await listed();
    await listed();
    const named = Array(limits.skippedNamedMax).fill("warn Skipping a file in the keystore");
    expect(log.lines).toEqual([...named, "warn Skipping more files in the keystore"]);
    expect(log.fields[0]).toMatchObject({ path: join(folder, "UTC--x") });
    expect(log.fields.at(-1)).toEqual({ count: 21 - limits.skippedNamedMax });
  });

  test("accounts() finds a key behind more files than it looks at, and says once that they are too many", async () => {
    const { folder, log, store } = await setUp({ "UTC--x": fileOf(b) });
    const junk = Array.from({ length: limits.keyFilesMax + 5 }, (_, at) => `0${at}`);
    const list: typeof store.list = async (at) => [
      ...junk.map((name) => ({ name, stamp: "1" })),
      ...(await store.list(at)),
    ];
    const keys = new KeyFolder({ folder, log, store: { ...store, list } });
    const listed = async () => (await keys.files()).map(({ keyFile }) => keyFile.address);
    const tooMany = () => log.lines.filter((line) => line.startsWith("warn Too many"));
    expect(await listed()).toEqual([b]);
    expect(await listed()).toEqual([b]);
    expect(tooMany()).toHaveLength(1);
    expect(log.fields[0]).toEqual({ max: limits.keyFilesMax, ignored: 6 });
    junk.pop();
    await listed();
    expect(tooMany()).toHaveLength(2);
    junk.length = 0;
    await listed();
    expect(tooMany()).toHaveLength(2);
  });
});

describe("Keystore.accounts(), while files come and go", () => {
  test("accounts() says once that two files hold one account, and names both", async () => {
    const { folder, log, listed } = await setUp({ one: fileOf(), two: fileOf(), other: fileOf(b) });
    await listed();
    await listed();
    const text = "warn Two key files hold the same account, it can't sign until one is moved away";
    expect(log.lines).toEqual([text]);
    const [one, other] = [join(folder, "one"), join(folder, "two")];
    expect(log.fields).toEqual([{ address: a, one, other }]);
    await rm(other);
    await listed();
    await writeFile(other, fileOf());
    await listed();
    expect(log.lines.filter((line) => line === text)).toHaveLength(2);
  });

  test("accounts() names each key file that appeared, changed or vanished since the last time", async () => {
    const { folder, log, listed } = await setUp({ one: fileOf(a), two: fileOf(b) });
    await listed();
    await listed();
    expect(log.lines).toEqual([]);
    await writeFile(join(folder, "three"), fileOf(addressOf("c")));
    await writeFile(join(folder, "one"), fileOf(addressOf("d")));
    await rm(join(folder, "two"));
    expect(await listed()).toEqual([addressOf("d"), addressOf("c")]);
    expect(log.lines).toEqual([
      "info A key file changed",
      "info A key file appeared",
      "info A key file vanished",
    ]);
    expect(log.fields.map(({ path }) => path)).toEqual(
      ["one", "three", "two"].map((name) => join(folder, name)),
    );
  });

  test("accounts() reports each thing once, also when it is called many times at once", async () => {
    const { listed, log } = await setUp({ one: fileOf(), two: fileOf(), text: "notes" });
    await Promise.all([listed(), listed(), listed(), listed()]);
    expect(log.lines).toHaveLength(2);
  });

  test("accounts() tries a file again that couldn't be read, and complains once", async () => {
    const { keystore, log, folder, refuse } = await setUp({ one: fileOf() });
    refuse(true);
    expect(await keystore.accounts()).toEqual([]);
    expect(await keystore.accounts()).toEqual([]);
    expect(log.fields).toEqual([{ path: join(folder, "one"), reason: "EIO" }]);
    refuse(false);
    expect(await keystore.accounts()).toMatchObject([{ address: a }]);
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
    const { address, url } = await keystore.create(secretOf("pw"), recording);
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
    await expect(keystore.import(secrets, recording)).resolves.toMatchObject({ address: a });
    expect(await readdir(folder)).toHaveLength(1);
    expect(jobs).toMatchObject([{ kind: "import", kdf: cheapKdf }]);
    for (const secret of [secrets.key, secrets.password]) {
      expect(secret.use(({ length }) => length)).toBe(0);
    }
  });

  test("import() refuses an account that is there and leaves its file alone", async () => {
    const { folder, keystore } = await setUp({ one: fileOf() });
    const imported = keystore.import({ key: keyOf(testKey), password: secretOf("pw") }, recording);
    await expect(imported).rejects.toMatchObject(failure("key.exists"));
    expect(await readdir(folder)).toEqual(["one"]);
  });

  test("create() and import() write nothing unless the act was recorded", async () => {
    const { folder, keystore } = await setUp();
    const unwritable = failure("ledger.unwritable");
    await expect(keystore.create(secretOf("pw"), refusing)).rejects.toMatchObject(unwritable);
    const secrets = { key: keyOf(testKey), password: secretOf("pw") };
    await expect(keystore.import(secrets, refusing)).rejects.toMatchObject(unwritable);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("Keystore.ownerOf() and checkNewKey()", () => {
  test("ownerOf() gives the worker a copy of the password and says whose key it opens", async () => {
    const { keystore, jobs } = await setUp();
    const password = secretOf("pw");
    expect(await keystore.ownerOf({ address: undefined, sealed }, password)).toBe(a);
    expect(jobs).toMatchObject([{ kind: "check", account: undefined, sealed }]);
    const [job] = jobs;
    expect(job?.kind === "check" && textOf(job.password)).toBe("pw");
    expect(password.use((bytes) => Buffer.from(bytes).toString())).toBe("pw");
  });

  test("checkNewKey() refuses a key that is there, and keeps a new one the caller's", async () => {
    const { keystore, folder } = await setUp();
    const key = keyOf(testKey);
    await keystore.checkNewKey(key);
    await writeFile(join(folder, "one"), fileOf());
    await expect(keystore.checkNewKey(key)).rejects.toMatchObject(failure("key.exists"));
    expect(key.use((bytes) => Buffer.from(bytes).toString("hex"))).toBe(testKey);
  });
});

const passwords = () => ({ password: secretOf("old"), newPassword: secretOf("new") });

describe("Keystore.changePassword(), export() and importFile()", () => {
  test("changePassword() replaces the file under its name, after the recording", async () => {
    const { folder, keystore, jobs } = await setUp({ "UTC--x": oldFile });
    const { recording, events } = remembering();
    await keystore.changePassword(a, passwords(), async (account, effect) => {
      expect(await readFile(join(folder, "UTC--x"))).toEqual(oldFile);
      return recording(account, effect);
    });
    expect(events).toEqual([`audited ${a}`]);
    expect(await readdir(folder)).toEqual(["UTC--x"]);
    expect(await readFile(join(folder, "UTC--x"))).toEqual(Buffer.from(fileOf()));
    expect(jobs).toMatchObject([{ kind: "reseal", account: a, kdf: cheapKdf }]);
    const [job] = jobs;
    if (job?.kind !== "reseal") throw new Error("no such job");
    expect([textOf(job.password), textOf(job.newPassword)]).toEqual(["old", "new"]);
  });

  test("changePassword() leaves the file alone if the act can't be recorded", async () => {
    const { folder, keystore } = await setUp({ one: oldFile });
    const changed = keystore.changePassword(a, passwords(), refusing);
    await expect(changed).rejects.toMatchObject(failure("ledger.unwritable"));
    expect(await readFile(join(folder, "one"))).toEqual(oldFile);
  });

  test("changePassword() refuses a file that somebody else changed in the meantime", async () => {
    const { folder, keystore } = await setUp({ one: oldFile });
    const foreign = Buffer.from(
      oldFile
        .toString()
        .replace('"mac":"', '"mac":"ff')
        .replace(/..(?="},"id")/, ""),
    );
    const changed = keystore.changePassword(a, passwords(), async (_, effect) => {
      await writeFile(join(folder, "one"), foreign);
      return effect();
    });
    await expect(changed).rejects.toMatchObject(
      failure("store.refused", "changed in the meantime"),
    );
    expect(await readFile(join(folder, "one"))).toEqual(foreign);
  });

  test("changePassword() and export() refuse an account with no file or with two", async () => {
    const { keystore, jobs } = await setUp({ one: fileOf(), two: fileOf() });
    const to = (account: typeof a) => ({ account, write: async () => undefined });
    for (const [account, code] of [
      [a, "account.ambiguous"],
      [b, "account.unknown"],
    ] as const) {
      const changed = keystore.changePassword(account, passwords(), recording);
      await expect(changed).rejects.toMatchObject(failure(code));
      const exported = keystore.export(to(account), passwords(), recording);
      await expect(exported).rejects.toMatchObject(failure(code));
    }
    expect(jobs).toEqual([]);
  });

  test("export() gives the new file out after the recording, and leaves the old one", async () => {
    const { folder, keystore } = await setUp({ one: oldFile });
    const { recording, events } = remembering();
    const write = async (file: Uint8Array) => void events.push(Buffer.from(file).toString());
    await keystore.export({ account: a, write }, passwords(), recording);
    expect(events).toEqual([`audited ${a}`, Buffer.from(fileOf()).toString()]);
    expect(await readFile(join(folder, "one"))).toEqual(oldFile);
    await expect(
      keystore.export({ account: a, write }, passwords(), refusing),
    ).rejects.toMatchObject(failure("ledger.unwritable"));
    expect(events).toHaveLength(2);
  });

  test("importFile() keeps the key under go-ethereum's name, unless the account is there", async () => {
    const { folder, keystore, jobs } = await setUp();
    const file = { address: undefined, sealed };
    await expect(keystore.importFile(file, passwords(), recording)).resolves.toMatchObject({
      address: a,
    });
    expect(jobs).toMatchObject([{ kind: "reseal", account: undefined, sealed }]);
    const again = keystore.importFile(file, passwords(), recording);
    await expect(again).rejects.toMatchObject(failure("key.exists"));
    expect(await readdir(folder)).toHaveLength(1);
  });
});
