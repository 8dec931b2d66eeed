import { keccak256, recoverAddress } from "viem";
import { describe, expect, test } from "vitest";
import { addressOf, failure } from "../domain/fakes.ts";
import { Secret, type Surrendered } from "../domain/secret.ts";
import { loadCurve } from "./curve.ts";
import { cheapKdf, sealedKey, secretOf, testAccount, testKey, testPassword } from "./fakes.ts";
import { type Job, type JobPowers, type JobResults, runJob } from "./jobs.ts";
import { parseKeyFile } from "./keyfile.ts";
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

/** What a key file holds, opened with the test password. */
function opened(result: JobResults[Job["kind"]]): { address: string; key: string } {
  if (result === null || !("file" in result)) throw new Error("expected a key file");
  const { address, sealed } = parseKeyFile(result.file);
  expect(address).toBe(result.address);
  const key = unseal(sealed, secretOf(testPassword));
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
