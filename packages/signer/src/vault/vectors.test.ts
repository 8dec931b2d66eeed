import * as crypto from "node:crypto";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as noble from "@noble/hashes/scrypt.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { hasShared, shared } from "../../../../test/support/shared.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { FakeLog } from "../domain/fakes.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { plainStore } from "../store/plain.ts";
import { loadCurve } from "./curve.ts";
import { cheapKdf, secretOf } from "./fakes.ts";
import { parseForeignKeyFile, parseKeyFile } from "./keyfile.ts";
import { runJob } from "./run-job.ts";
import { unseal } from "./seal.ts";
import { KeyFolder } from "./source/folder.ts";

vi.mock("node:crypto", async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, scryptSync: vi.fn(real.scryptSync), pbkdf2Sync: vi.fn(real.pbkdf2Sync) };
});
vi.mock("@noble/hashes/scrypt.js", async (original) => {
  const real = await original<typeof noble>();
  return { ...real, scrypt: vi.fn(real.scrypt) };
});

const folder = `${shared}/vectors/keystore`;
const derivations = () =>
  [crypto.scryptSync, crypto.pbkdf2Sync, noble.scrypt].reduce(
    (sum, derive) => sum + vi.mocked(derive).mock.calls.length,
    0,
  );
const curve = await loadCurve();
const unlocked = new Map();
const powers = { curve, randomBytes: crypto.randomBytes, randomUuid: () => "id", unlocked };

interface Vector {
  readonly json?: object;
  readonly rawText?: string;
  readonly password: string;
  readonly priv?: string;
  readonly address?: string;
  readonly expect?: string;
  readonly name?: string;
}

/** The private key in a file, by the very job that imports it. @throws Failure */
function openFile(file: string, password: string): { key: string; address: string } {
  const { address: account, sealed } = parseForeignKeyFile(new TextEncoder().encode(file));
  const passwords = {
    password: secretOf(password).surrender(),
    newPassword: secretOf("new").surrender(),
  };
  const made = runJob({ kind: "reseal", account, sealed, kdf: cheapKdf, ...passwords }, powers);
  if (made === null || !("file" in made)) throw new Error("expected a key file");
  const key = unseal(parseKeyFile(made.file).sealed, secretOf("new"));
  return { key: key.use((raw) => Buffer.from(raw).toString("hex")), address: made.address };
}

async function readVectors<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(`${folder}/${name}`, "utf8"));
}

beforeEach(() => vi.clearAllMocks());

describe.skipIf(!hasShared)("key files that nobody here made", () => {
  test.each(["ethereum-tests-basic.json", "geth-v3-vectors.json"])(
    "%s: every file gives its key",
    async (name) => {
      const vectors = Object.entries(await readVectors<Record<string, Vector>>(name));
      expect(vectors.length).toBeGreaterThan(3);
      for (const [title, { json, password, priv = "" }] of vectors) {
        expect(openFile(JSON.stringify(json), password).key, title).toBe(priv.padStart(64, "0"));
      }
    },
    120_000,
  );

  test("geth-v1-vectors.json: version 1 and a very light version 3 give their accounts", async () => {
    const vectors = await readVectors<Record<string, Vector>>("geth-v1-vectors.json");
    const { test1, ...files } = vectors;
    expect(openFile(JSON.stringify(test1?.json), test1?.password ?? "").key).toBe(test1?.priv);
    expect(Object.keys(files)).toHaveLength(2);
    for (const [title, file] of Object.entries(files)) {
      const password = /password "([^"]*)"/.exec(title)?.[1] ?? "";
      expect(openFile(JSON.stringify(file), password).address, title).toBe(`0x${file.address}`);
    }
  }, 120_000);

  // Two of its three files carry the MAC of the third: web3.js compares a few fields only, and
  // ethers refuses them as well.
  test("web3js-keystores.json: the file with its own MAC opens, the others are refused", async () => {
    type Tuples = readonly (readonly [readonly unknown[], unknown])[];
    const all = await readVectors<Record<string, Tuples>>("web3js-keystores.json");
    const open = (file: unknown, password: unknown) =>
      openFile(JSON.stringify(file), String(password));
    const made = all["validEncryptData"] ?? [];
    const opened = made.map(([[key, password], file]) =>
      codeOf(() => expect(`0x${open(file, password).key}`).toBe(key)),
    );
    expect(opened).toEqual(["password.wrong", "password.wrong", "opened"]);
    const invalid = (all["invalidDecryptData"] ?? []).map(([[file, password]]) =>
      codeOf(() => open(file, password)),
    );
    expect(invalid).toEqual(["keyfile.refused", "password.wrong"]);
  }, 60_000);

  test("geth-dir: three accounts load, with one password, and each other file is skipped or named", async () => {
    const expected = await readVectors<{ password: string; load: Record<string, string> }>(
      "geth-dir.expected.json",
    );
    const copy = await copied(`${folder}/geth-dir`);
    const log = new FakeLog();
    const files = await new KeyFolder({ folder: copy, store, log }).files();
    expect(
      Object.fromEntries(
        files.map(({ path, keyFile }) => [path.slice(copy.length + 1), keyFile.address]),
      ),
    ).toEqual(expected.load);
    for (const { keyFile } of files) {
      const key = unseal(keyFile.sealed, secretOf(expected.password));
      expect(key.use(curve.accountOf)).toBe(keyFile.address);
    }
    const named = log.fields.map(({ path }) => String(path).slice(copy.length + 1));
    expect(named).toEqual(["README", "empty", "garbage", "no-address", "zero"]);
  });
});

/** Hostile files whose fault shows only once the key is derived: the password, the MAC, the key. */
const faultsWithin: Readonly<Record<string, FailureCode>> = {
  "mac-flipped": "password.wrong",
  "pbkdf2-c-1": "password.wrong",
  "password-empty": "password.wrong",
  "key-zero": "key.invalid",
  "key-n": "key.invalid",
  "key-n+1": "key.invalid",
};

describe.skipIf(!hasShared)("hostile key files", async () => {
  const all = hasShared ? await readVectors<Vector[]>("hostile-keystores-derived.json") : [];
  const textOf = ({ rawText, json }: Vector) => rawText ?? JSON.stringify(json);

  test("there are hostile files", () => {
    expect(all.length).toBeGreaterThan(40);
  });

  test.each(all.map((vector) => [vector.name ?? "", vector] as const))("%s", (name, vector) => {
    const file = textOf(vector);
    if (vector.expect === "accept" || name === "address-with-0x") {
      expect(openFile(file, vector.password).address).toMatch(/^0x[0-9a-f]{40}$/);
      return;
    }
    const code = codeOf(() => openFile(file, vector.password));
    expect(code).toBe(faultsWithin[name] ?? "keyfile.refused");
    expect(derivations(), "derivations").toBe(name in faultsWithin ? 1 : 0);
  });
});

const store = plainStore({ random: () => "r" });

/** A copy with the owner that a keystore has; the backup file isn't in the collection. */
async function copied(from: string): Promise<string> {
  const to = join(await temporaryFolder(), "keystore");
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isFile()) await copyFile(join(from, entry.name), join(to, entry.name));
    else await mkdir(join(to, entry.name));
  }
  await copyFile(join(from, "aaa"), join(to, "swapfile~"));
  return to;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Failure ? error.code : `bug: ${String(error)}`;
  }
  return "opened";
}
