import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { keccak256, recoverAddress } from "viem";
import { describe, expect, test } from "vitest";
import type { FailureCode } from "../domain/failure.ts";
import { addressOf, failure } from "../domain/fakes.ts";
import { Secret, type Surrendered } from "../domain/secret.ts";
import { loadCurve } from "./curve.ts";
import { cheapKdf, sealedKey, secretOf, testAccount, testKey, testPassword } from "./fakes.ts";
import { type Job, type JobResults, secretsOf } from "./job.ts";
import { parseKeyFile, type Sealed } from "./keyfile.ts";
import { type JobPowers, runJob } from "./run-job.ts";
import { unseal } from "./seal.ts";

const preimage = "0x02c0ffee";
const curve = await loadCurve();
const otherKey = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const moved = (bytes: Buffer | string) => Secret.taking(Buffer.from(bytes)).surrender();
const isWiped = ({ buffer }: Surrendered) => new Uint8Array(buffer).every((byte) => byte === 0);

/** Powers whose random bytes count up, and every buffer that they gave. */
function setUp(changes: Partial<JobPowers["curve"]> = {}) {
  const given: Uint8Array[] = [];
  const randomBytes = (length: number) => {
    const bytes = new Uint8Array(length).fill(given.length + 1);
    given.push(bytes);
    return bytes;
  };
  const unlocked = new Map<string, Secret>();
  const powers: JobPowers = {
    curve: { ...curve, ...changes },
    randomBytes,
    randomUuid: () => "u",
    unlocked,
  };
  return { powers, given, unlocked };
}

function signJob(
  changes: Partial<Extract<Job, { kind: "sign" }>> = {},
): Extract<Job, { kind: "sign" }> {
  const sealed = sealedKey();
  const password = moved(testPassword);
  return { kind: "sign", account: testAccount, sealed, preimage, password, ...changes };
}

const importJob = (key: Buffer) =>
  ({ kind: "import", kdf: cheapKdf, password: moved(testPassword), key: moved(key) }) as const;

function resealJob(
  changes: Partial<Extract<Job, { kind: "reseal" }>> = {},
): Extract<Job, { kind: "reseal" }> {
  const secrets = { password: moved(testPassword), newPassword: moved("another-password") };
  const sealed = sealedKey();
  return { kind: "reseal", account: testAccount, sealed, kdf: cheapKdf, ...secrets, ...changes };
}

/** go-ethereum's own version 1 file, with a derivation that costs nothing. */
function sealedAsVersion1(): Sealed {
  const [salt, iv] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2)];
  const derived = pbkdf2Sync(testPassword, salt, 1, 32, "sha256");
  const cipherKey = keccak_256(derived.subarray(0, 16)).subarray(0, 16);
  const cipher = createCipheriv("aes-128-cbc", cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(testKey, "hex")), cipher.final()]);
  const mac = keccak_256(Buffer.concat([derived.subarray(16), ciphertext]));
  const hex = { salt: toHex(salt), iv: toHex(iv), ciphertext: toHex(ciphertext), mac: toHex(mac) };
  return { cipher: "aes-128-cbc", kdf: { kind: "pbkdf2", c: 1 }, ...hex };
}

/** What a key file holds, opened with the test password. */
function opened(
  result: JobResults[Job["kind"]],
  password = testPassword,
): { address: string; key: string } {
  if (result === null || !("file" in result)) throw new Error("expected a key file");
  const { address, sealed } = parseKeyFile(result.file);
  expect(address).toBe(result.address);
  const key = unseal(sealed, secretOf(password));
  return { address, key: key.use((bytes) => Buffer.from(bytes).toString("hex")) };
}

describe("runJob(), sign", () => {
  test("runJob() signs keccak-256 of the preimage and wipes the password", async () => {
    const job = signJob();
    const signature = runJob(job, setUp().powers);
    if (signature === null || !("r" in signature)) throw new Error("expected a signature");
    const signer = await recoverAddress({ hash: keccak256(preimage), signature });
    expect(signer.toLowerCase()).toBe(testAccount);
    expect(isWiped(job.password)).toBe(true);
  });

  test("runJob() refuses a key that is not the account's, as after a changed iv", () => {
    const sealed = { ...sealedKey(), iv: `0x${"03".repeat(16)}` } as const;
    const job = signJob({ sealed });
    expect(() => runJob(job, setUp().powers)).toThrow(
      expect.objectContaining(failure("keyfile.refused", "holds another key")),
    );
    expect(isWiped(job.password)).toBe(true);
  });

  test("runJob() signs with a version 1 key, and refuses it once its iv was changed", () => {
    const sealed = sealedAsVersion1();
    expect(runJob(signJob({ sealed }), setUp().powers)).toEqual(runJob(signJob(), setUp().powers));
    const changed = { ...sealed, iv: `0x${"03".repeat(16)}` } as const;
    expect(() => runJob(signJob({ sealed: changed }), setUp().powers)).toThrow(
      expect.objectContaining(failure("keyfile.refused", "holds another key")),
    );
  });

  test("runJob() refuses the key of another account", () => {
    const job = signJob({ sealed: sealedKey(otherKey) });
    expect(() => runJob(job, setUp().powers)).toThrow(
      expect.objectContaining(failure("keyfile.refused")),
    );
  });

  test("runJob() refuses a wrong password and wipes it", () => {
    const job = signJob({ password: moved("wrong-password") });
    expect(() => runJob(job, setUp().powers)).toThrow(
      expect.objectContaining(failure("password.wrong")),
    );
    expect(isWiped(job.password)).toBe(true);
  });

  test("runJob() releases no signature that the second library doesn't confirm", () => {
    const { powers } = setUp({ recover: () => undefined });
    expect(() => runJob(signJob(), powers)).toThrow(/two libraries disagree/);
  });

  test("runJob() wipes the key even if signing throws", () => {
    let lent: Uint8Array = new Uint8Array(1).fill(1);
    const sign = (key: Uint8Array) => {
      lent = key;
      throw new Error("bug");
    };
    const job = signJob();
    expect(() => runJob(job, setUp({ sign }).powers)).toThrow("bug");
    expect(lent).toEqual(new Uint8Array(32));
    expect(isWiped(job.password)).toBe(true);
  });
});

describe("runJob(), create and import", () => {
  test("runJob() makes a key of 32 random bytes and wipes all it had in the clear", () => {
    const { powers, given } = setUp();
    const job = { kind: "create", kdf: cheapKdf, password: moved(testPassword) } as const;
    expect(opened(runJob(job, powers)).key).toBe("01".repeat(32));
    expect(given.map(({ length }) => length)).toEqual([32, 32, 16]);
    expect(given[0]).toEqual(new Uint8Array(32));
    expect(isWiped(job.password)).toBe(true);
  });

  test("runJob() takes salt and iv from different random bytes", () => {
    const job = { kind: "create", kdf: cheapKdf, password: moved(testPassword) } as const;
    const result = runJob(job, setUp().powers);
    if (result === null || !("file" in result)) throw new Error("expected a key file");
    const { salt, iv } = parseKeyFile(result.file).sealed;
    expect([salt, iv]).toEqual([`0x${"02".repeat(32)}`, `0x${"03".repeat(16)}`]);
  });

  test("runJob() imports a key under its address and wipes both secrets", () => {
    const job = importJob(Buffer.from(testKey, "hex"));
    expect(opened(runJob(job, setUp().powers))).toEqual({ address: testAccount, key: testKey });
    expect([isWiped(job.key), isWiped(job.password)]).toEqual([true, true]);
  });

  test.each([
    ["zero", Buffer.alloc(32)],
    ["a number above the order", Buffer.alloc(32, 0xff)],
  ])("runJob() refuses to import %s and wipes both secrets", (_, key) => {
    const job = importJob(key);
    expect(() => runJob(job, setUp().powers)).toThrow(
      expect.objectContaining(failure("key.invalid")),
    );
    expect([isWiped(job.key), isWiped(job.password)]).toEqual([true, true]);
  });

  test.each([31, 33])("runJob() refuses to import a key of %i bytes", (length) => {
    expect(() => runJob(importJob(Buffer.alloc(length, 1)), setUp().powers)).toThrow(
      expect.objectContaining(failure("key.invalid")),
    );
  });

  test("runJob() gives out no file that it can't read back as the same account", () => {
    let calls = 0;
    const accountOf = (key: Uint8Array) => (calls++ === 0 ? curve.accountOf(key) : undefined);
    expect(() =>
      runJob(importJob(Buffer.from(testKey, "hex")), setUp({ accountOf }).powers),
    ).toThrow(/holds another key/);
  });
});

describe("runJob(), unlock", () => {
  const unlock = (changes: object = {}) =>
    ({ ...signJob(), kind: "unlock", grant: "g", ...changes }) as const;
  const signUnlocked = {
    kind: "sign-unlocked",
    account: testAccount,
    preimage,
    grant: "g",
  } as const;

  test("runJob() keeps a key under its grant, signs with it as with the password, and forgets it", () => {
    const { powers, unlocked } = setUp();
    const job = unlock();
    expect(runJob(job, powers)).toBeNull();
    expect(isWiped(job.password)).toBe(true);
    const [key] = unlocked.values();
    expect(runJob(signUnlocked, powers)).toEqual(runJob(signJob(), powers));
    expect(runJob(signUnlocked, powers)).toEqual(runJob(signJob(), powers));
    runJob({ kind: "forget", grant: "g" }, powers);
    expect([unlocked.size, key?.use(({ length }) => length)]).toEqual([0, 0]);
    expect(() => runJob(signUnlocked, powers)).toThrow(
      expect.objectContaining(failure("unlock.ended")),
    );
  });

  test("runJob() keeps nothing for a wrong password or another key", () => {
    const { powers, unlocked } = setUp();
    expect(() => runJob(unlock({ password: moved("wrong") }), powers)).toThrow(
      expect.objectContaining(failure("password.wrong")),
    );
    expect(() => runJob(unlock({ sealed: sealedKey(otherKey) }), powers)).toThrow(
      expect.objectContaining(failure("keyfile.refused")),
    );
    expect(unlocked.size).toBe(0);
  });

  test("runJob() wipes the key that a new one takes the place of", () => {
    const { powers, unlocked } = setUp();
    runJob(unlock(), powers);
    const [before] = unlocked.values();
    runJob(unlock(), powers);
    expect([unlocked.size, before?.use(({ length }) => length)]).toEqual([1, 0]);
  });

  test("runJob() never signs for another account with an unlocked key", () => {
    const { powers } = setUp();
    runJob(unlock(), powers);
    const account = addressOf("b");
    expect(() => runJob({ ...signUnlocked, account }, powers)).toThrow(/disagree/);
  });
});
describe("runJob(), reseal", () => {
  test.each([
    ["version 3", sealedKey()],
    ["version 1", sealedAsVersion1()],
  ])("runJob() encrypts a key of %s under the new password, as version 3", (_, sealed) => {
    const job = resealJob({ sealed });
    const result = runJob(job, setUp().powers);
    expect(opened(result, "another-password")).toEqual({ address: testAccount, key: testKey });
    if (result === null || !("file" in result)) throw new Error("expected a key file");
    expect(parseKeyFile(result.file).sealed).toMatchObject({
      cipher: "aes-128-ctr",
      kdf: cheapKdf,
    });
    expect([isWiped(job.password), isWiped(job.newPassword)]).toEqual([true, true]);
  });

  test("runJob() takes whichever key it is if no account is given", () => {
    const job = resealJob({ account: undefined, sealed: sealedKey(otherKey) });
    expect(opened(runJob(job, setUp().powers), "another-password").key).toBe(otherKey);
  });

  test.each<[string, Partial<Extract<Job, { kind: "reseal" }>>, FailureCode]>([
    ["a wrong password", { password: moved("wrong-password") }, "password.wrong"],
    ["another account's key", { sealed: sealedKey(otherKey) }, "keyfile.refused"],
    ["a changed iv", { sealed: { ...sealedKey(), iv: `0x${"03".repeat(16)}` } }, "keyfile.refused"],
    [
      "key 0 of no account",
      { account: undefined, sealed: sealedKey("00".repeat(32)) },
      "key.invalid",
    ],
    [
      "a key above the order",
      { account: undefined, sealed: sealedKey("ff".repeat(32)) },
      "key.invalid",
    ],
  ])("runJob() refuses %s and wipes both passwords", (_, changes, code) => {
    const job = resealJob(changes);
    expect(() => runJob(job, setUp().powers)).toThrow(expect.objectContaining(failure(code)));
    expect([isWiped(job.password), isWiped(job.newPassword)]).toEqual([true, true]);
  });

  test("runJob() gives out no file that it can't read back as the same account", () => {
    let calls = 0;
    const accountOf = (key: Uint8Array) => (calls++ < 2 ? curve.accountOf(key) : undefined);
    expect(() => runJob(resealJob(), setUp({ accountOf }).powers)).toThrow(/holds another key/);
  });
});

describe("runJob(), check and identify", () => {
  const check = (changes: object = {}) =>
    ({
      kind: "check",
      account: testAccount,
      sealed: sealedKey(),
      password: moved(testPassword),
      ...changes,
    }) as const;
  const identify = (key: Buffer) => ({ kind: "identify", key: moved(key) }) as const;

  test("runJob() says whose key a password opens, keeps nothing and wipes it", () => {
    const { powers, unlocked } = setUp();
    for (const job of [check(), check({ account: undefined })]) {
      expect(runJob(job, powers)).toBe(testAccount);
      expect([unlocked.size, isWiped(job.password)]).toEqual([0, true]);
    }
  });

  test.each<[string, object, FailureCode]>([
    ["a wrong password", { password: moved("wrong-password") }, "password.wrong"],
    ["another account's key", { sealed: sealedKey(otherKey) }, "keyfile.refused"],
    ["no key", { account: undefined, sealed: sealedKey("00".repeat(32)) }, "key.invalid"],
  ])("runJob() refuses %s and wipes the password", (_, changes, code) => {
    const job = check(changes);
    expect(() => runJob(job, setUp().powers)).toThrow(expect.objectContaining(failure(code)));
    expect(isWiped(job.password)).toBe(true);
  });

  test("runJob() says whose key it is, refuses what is none, and wipes both", () => {
    const [key, none] = [identify(Buffer.from(testKey, "hex")), identify(Buffer.alloc(32))];
    expect(runJob(key, setUp().powers)).toBe(testAccount);
    expect(() => runJob(none, setUp().powers)).toThrow(
      expect.objectContaining(failure("key.invalid")),
    );
    expect([key, none].every((job) => isWiped(job.key))).toBe(true);
  });
});

test("secretsOf() names every secret of a job", () => {
  const secrets = (job: Job) =>
    Object.values(job).flatMap((value: unknown) =>
      typeof value === "object" && value !== null && "buffer" in value ? [value.buffer] : [],
    );
  const create = { kind: "create", kdf: cheapKdf, password: moved("p") } as const;
  const check = { ...signJob(), kind: "check" } as const;
  const identify = { kind: "identify", key: moved("k") } as const;
  const others = [check, identify, importJob(Buffer.alloc(32, 1)), resealJob()];
  for (const job of [signJob(), create, ...others]) {
    expect(secretsOf(job)).toEqual(secrets(job));
  }
});
