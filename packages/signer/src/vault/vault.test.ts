import { describe, expect, test } from "vitest";
import { type Approved, decide } from "../approval/decide.ts";
import { toRpcError } from "../domain/failure.ts";
import { addressOf, FakeClock, failure, hungUp } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import type { Secret } from "../domain/secret.ts";
import { secretOf } from "./fakes.ts";
import type { KeySource } from "./source/source.ts";
import { Vault, type VaultPowers } from "./vault.ts";

const account = addressOf("a");
const signature = { r: "0x1", s: "0x2", yParity: 0 } as const;
type Signed = Parameters<KeySource["sign"]>[0];

/** A source with one key file per URL, all of one address, and what it was asked to sign. */
function sourceOf(...urls: readonly string[]) {
  const signed: Signed[] = [];
  const source: KeySource = {
    accounts: async () => urls.map((url) => ({ address: account, url })),
    sign: async (job) => {
      job.redeem();
      signed.push(job);
      return signature;
    },
  };
  return { source, signed };
}

/** A vault in which no key is ever made. */
function vaultOf(sources: readonly KeySource[], powers: VaultPowers): Vault {
  const maker = { create: () => Promise.reject(new Error("not asked")) };
  return new Vault({ sources, maker }, powers);
}

function setUp(urls: readonly string[] = ["keystore:///a"], generation = () => 1) {
  const clock = new FakeClock();
  const { source, signed } = sourceOf(...urls);
  return { clock, signed, vault: vaultOf([sourceOf().source, source], { clock, generation }) };
}

const asked = {
  requestId: "r",
  account,
  kind: "fee-market",
  preimage: "0x02c0",
  digest: "0xd1",
  shown: "0xd1",
  generation: 1,
} as const;
const approve = (clock: FakeClock): Approved =>
  decide(asked, { digest: "0xd1", decision: "person" }, { now: clock.now() });
/** Somebody still waits for the signature. */
const wanted = () => undefined;
const isWiped = (secret: Secret) => secret.use(({ length }) => length === 0);

describe("Vault.sign()", () => {
  test("sign() has the account's source sign the very preimage that was approved", async () => {
    const { vault, clock, signed } = setUp();
    const password = secretOf("password");
    await expect(vault.sign(approve(clock), password, wanted)).resolves.toBe(signature);
    const approved = expect.objectContaining({ account, preimage: "0x02c0" });
    const found = { address: account, url: "keystore:///a" };
    expect(signed).toMatchObject([{ account: found, approved, password }]);
    expect(isWiped(password)).toBe(true);
  });

  test("sign() signs once for one approval", async () => {
    const { vault, clock, signed } = setUp();
    const approved = approve(clock);
    await vault.sign(approved, secretOf("p"), wanted);
    const password = secretOf("p");
    await expect(vault.sign(approved, password, wanted)).rejects.toThrow(/only once/);
    expect(signed).toHaveLength(1);
    expect(isWiped(password)).toBe(true);
  });

  test("sign() signs once when it is called twice at once", async () => {
    const { vault, clock, signed } = setUp();
    const approved = approve(clock);
    const both = [1, 2].map(() => vault.sign(approved, secretOf("p"), wanted));
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(signed).toHaveLength(1);
  });

  test("sign() refuses what looks like an approval, and wipes the password", async () => {
    const { vault, clock, signed } = setUp();
    const password = secretOf("p");
    const forged: Approved = { ...approve(clock) };
    await expect(vault.sign(forged, password, wanted)).rejects.toThrow(/decide made/);
    expect(signed).toHaveLength(0);
    expect(isWiped(password)).toBe(true);
  });

  test.each([
    ["after its time", limits.approvedMs + 1, 1],
    ["under another policy", 0, 2],
  ])("sign() refuses an approval %s", async (_, ms, generation) => {
    const { vault, clock, signed } = setUp(undefined, () => generation);
    const approved = approve(clock);
    clock.advance(ms);
    const password = secretOf("p");
    const refused = vault.sign(approved, password, wanted);
    await expect(refused).rejects.toMatchObject(failure("request.expired"));
    expect([signed, isWiped(password)]).toEqual([[], true]);
  });

  test.each([
    ["account.unknown", []],
    ["account.ambiguous", ["keystore:///a", "keystore:///b"]],
  ] as const)("sign() refuses with %s and wipes the password", async (code, urls) => {
    const { vault, clock, signed } = setUp(urls);
    const password = secretOf("p");
    const refused = vault.sign(approve(clock), password, wanted);
    await expect(refused).rejects.toMatchObject(failure(code));
    expect([signed, isWiped(password)]).toEqual([[], true]);
  });
});

test("sign() signs nothing that nobody waits for any more", async () => {
  const { vault, clock, signed } = setUp();
  const password = secretOf("p");
  const refused = vault.sign(approve(clock), password, () => {
    throw hungUp;
  });
  await expect(refused).rejects.toBe(hungUp);
  expect([signed, isWiped(password)]).toEqual([[], true]);
});

test("sign() takes a source that doesn't redeem the approval for a bug", async () => {
  const clock = new FakeClock();
  const careless = { ...sourceOf("keystore:///a").source, sign: async () => signature };
  const vault = vaultOf([careless], { clock, generation: () => 1 });
  await expect(vault.sign(approve(clock), secretOf("p"), wanted)).rejects.toThrow(
    /without redeeming/,
  );
});

describe("Vault.find()", () => {
  test("find() takes an address with exactly one key file", async () => {
    await expect(setUp().vault.find(account)).resolves.toBeUndefined();
  });

  test("find() refuses an address without a key", async () => {
    const { vault } = setUp();
    await expect(vault.find(addressOf("b"))).rejects.toMatchObject(failure("account.unknown"));
  });

  test("find() refuses an address with two key files, and the caller learns no path", async () => {
    const { vault } = setUp(["keystore:///secret/a", "keystore:///secret/b"]);
    const error = await vault.find(account).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(failure("account.ambiguous", "2 key files"));
    expect(toRpcError(error as never)).toEqual({
      code: -32000,
      message: "multiple keys match address",
    });
  });

  test("find() counts the key files of all sources", async () => {
    const sources = [sourceOf("keystore:///a").source, sourceOf("keystore:///b").source];
    const vault = vaultOf(sources, { clock: new FakeClock(), generation: () => 1 });
    await expect(vault.find(account)).rejects.toMatchObject(failure("account.ambiguous"));
    expect(await vault.accounts()).toHaveLength(2);
  });
});
