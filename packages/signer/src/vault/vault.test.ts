import { describe, expect, test } from "vitest";
import { type Approved, decide } from "../approval/decide.ts";
import { Failure, toRpcError } from "../domain/failure.ts";
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
  const kept = new Set<string>();
  const source: KeySource = {
    accounts: async () => urls.map((url) => ({ address: account, url })),
    sign: async (job) => {
      job.redeem();
      signed.push(job);
      return signature;
    },
    unlock: async ({ password, grant, begin }) => {
      begin();
      if (textOf(password) !== "right") throw new Failure("password.wrong", "wrong");
      kept.add(grant);
    },
    forget: (grant) => void kept.delete(grant),
  };
  return { source, signed, kept };
}

/** A vault in which no key is ever made. */
function vaultOf(sources: readonly KeySource[], powers: VaultPowers): Vault {
  const maker = { create: () => Promise.reject(new Error("not asked")) };
  return new Vault({ sources, maker }, powers);
}

/** Names that count up. */
function counting(): () => string {
  let count = 0;
  return () => `grant ${++count}`;
}

const textOf = (secret: Secret) => secret.use((bytes) => Buffer.from(bytes).toString());

function setUp(urls: readonly string[] = ["keystore:///a"], generation = () => 1) {
  const clock = new FakeClock();
  const { source, signed, kept } = sourceOf(...urls);
  const powers = { clock, generation, newId: counting() };
  return { clock, signed, kept, vault: vaultOf([sourceOf().source, source], powers) };
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
    await expect(vault.sign(approve(clock), { password }, wanted)).resolves.toBe(signature);
    const approved = expect.objectContaining({ account, preimage: "0x02c0" });
    const found = { address: account, url: "keystore:///a" };
    expect(signed).toMatchObject([{ account: found, approved, opening: { password } }]);
    expect(isWiped(password)).toBe(true);
  });

  test("sign() signs once for one approval", async () => {
    const { vault, clock, signed } = setUp();
    const approved = approve(clock);
    await vault.sign(approved, { password: secretOf("p") }, wanted);
    const password = secretOf("p");
    await expect(vault.sign(approved, { password }, wanted)).rejects.toThrow(/only once/);
    expect(signed).toHaveLength(1);
    expect(isWiped(password)).toBe(true);
  });

  test("sign() signs once when it is called twice at once", async () => {
    const { vault, clock, signed } = setUp();
    const approved = approve(clock);
    const both = [1, 2].map(() => vault.sign(approved, { password: secretOf("p") }, wanted));
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(signed).toHaveLength(1);
  });

  test("sign() refuses what looks like an approval, and wipes the password", async () => {
    const { vault, clock, signed } = setUp();
    const password = secretOf("p");
    const forged: Approved = { ...approve(clock) };
    await expect(vault.sign(forged, { password }, wanted)).rejects.toThrow(/decide made/);
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
    const refused = vault.sign(approved, { password }, wanted);
    await expect(refused).rejects.toMatchObject(failure("request.expired"));
    expect([signed, isWiped(password)]).toEqual([[], true]);
  });

  test.each([
    ["account.unknown", []],
    ["account.ambiguous", ["keystore:///a", "keystore:///b"]],
  ] as const)("sign() refuses with %s and wipes the password", async (code, urls) => {
    const { vault, clock, signed } = setUp(urls);
    const password = secretOf("p");
    const refused = vault.sign(approve(clock), { password }, wanted);
    await expect(refused).rejects.toMatchObject(failure(code));
    expect([signed, isWiped(password)]).toEqual([[], true]);
  });
});

test("sign() signs nothing that nobody waits for any more", async () => {
  const { vault, clock, signed } = setUp();
  const password = secretOf("p");
  const refused = vault.sign(approve(clock), { password }, () => {
    throw hungUp;
  });
  await expect(refused).rejects.toBe(hungUp);
  expect([signed, isWiped(password)]).toEqual([[], true]);
});

test("sign() takes a source that doesn't redeem the approval for a bug", async () => {
  const clock = new FakeClock();
  const careless = { ...sourceOf("keystore:///a").source, sign: async () => signature };
  const vault = vaultOf([careless], { clock, generation: () => 1, newId: counting() });
  await expect(vault.sign(approve(clock), { password: secretOf("p") }, wanted)).rejects.toThrow(
    /without redeeming/,
  );
});

describe("Vault.unlock()", () => {
  const terms = { account, caller: "socket:ipc", forMs: 1000, uses: 2 };
  const sign = (vault: Vault, clock: FakeClock) => {
    const opening = vault.unlockedFor(account, "socket:ipc")?.opening;
    if (opening === undefined) throw new Error("not unlocked");
    return vault.sign(approve(clock), opening, wanted);
  };

  test("unlock() spares its caller the password, as often as was said", async () => {
    const { vault, clock, signed, kept } = setUp();
    const password = secretOf("right");
    await vault.unlock(terms, password);
    expect(isWiped(password)).toBe(true);
    expect(vault.unlocked()).toMatchObject([{ account, caller: "socket:ipc", usesLeft: 2 }]);
    for (let use = 0; use < 2; use++) await expect(sign(vault, clock)).resolves.toBe(signature);
    expect(signed).toHaveLength(2);
    expect(vault.unlockedFor(account, "socket:ipc")).toBeUndefined();
    expect(kept.size).toBe(0);
  });

  test("unlock() is for this caller and this account alone", async () => {
    const { vault } = setUp();
    await vault.unlock(terms, secretOf("right"));
    expect(vault.unlockedFor(account, "loopback:http")).toBeUndefined();
    expect(vault.unlockedFor(addressOf("b"), "socket:ipc")).toBeUndefined();
    await vault.unlock({ ...terms, caller: "any" }, secretOf("right"));
    expect(vault.unlockedFor(account, "loopback:http")).toBeDefined();
  });

  test("unlock() ends with its time, also between the question and the signature", async () => {
    const { vault, clock, signed, kept } = setUp();
    await vault.unlock(terms, secretOf("right"));
    const opening = vault.unlockedFor(account, "socket:ipc")?.opening;
    clock.advance(1000);
    expect([vault.unlockedFor(account, "socket:ipc"), kept.size]).toEqual([undefined, 0]);
    if (opening === undefined) throw new Error("not unlocked");
    const late = vault.sign(approve(clock), opening, wanted);
    await expect(late).rejects.toMatchObject(failure("unlock.ended"));
    expect(signed).toEqual([]);
  });

  test.each([1, 2, 3])(
    "unlock() leaves nothing behind when the signer is locked before it is done (case %#)",
    async (at) => {
      let asked = 0;
      const { vault, kept } = setUp(["keystore:///a"], () => (++asked > at ? 2 : 1));
      const unlocking = vault.unlock(terms, secretOf("right"));
      if (at === 3) await expect(unlocking).resolves.toBe("grant 1");
      else await expect(unlocking).rejects.toMatchObject(failure("signer.locked"));
      expect([kept.size, vault.unlocked().length]).toEqual(at === 3 ? [1, 1] : [0, 0]);
    },
  );

  test("unlock() ends with the time of day, also where the timers stood still", async () => {
    const { vault, clock, kept } = setUp();
    await vault.unlock(terms, secretOf("right"));
    clock.set(1000);
    expect([vault.unlocked(), kept.size]).toEqual([[], 0]);
    clock.set(-1000);
    expect(vault.unlockedFor(account, "socket:ipc")).toBeUndefined();
  });

  test("watch() hears of each beginning, each use and the end", async () => {
    const { vault, clock } = setUp();
    const heard: unknown[] = [];
    vault.watch(({ caller, usesLeft }, change) => heard.push([change, caller, usesLeft]));
    await vault.unlock(terms, secretOf("right"));
    await sign(vault, clock);
    await sign(vault, clock);
    await vault.unlock({ ...terms, caller: "any" }, secretOf("right"));
    vault.lock();
    expect(heard).toEqual([
      ["begun", "socket:ipc", 2],
      ["used", "socket:ipc", 1],
      ["ended", "socket:ipc", 0],
      ["begun", "any", 2],
      ["ended", "any", 2],
    ]);
  });

  test("watch() hears of no end where another unlocking takes the place", async () => {
    const { vault } = setUp();
    const heard: unknown[] = [];
    await vault.unlock(terms, secretOf("right"));
    vault.watch(({ usesLeft }, change) => heard.push([change, usesLeft]));
    await vault.unlock({ ...terms, uses: 9 }, secretOf("right"));
    expect(heard).toEqual([["begun", 9]]);
  });

  test("lock() ends all of them at once", async () => {
    const { vault, kept } = setUp();
    await vault.unlock(terms, secretOf("right"));
    await vault.unlock({ ...terms, caller: "any" }, secretOf("right"));
    expect(kept.size).toBe(2);
    vault.lock();
    expect([vault.unlocked(), kept.size]).toEqual([[], 0]);
  });

  test("lockAccount() ends what an account has, for all callers, and leaves the others", async () => {
    const { vault, kept } = setUp();
    await vault.unlock(terms, secretOf("right"));
    await vault.unlock({ ...terms, caller: "any" }, secretOf("right"));
    expect(vault.lockAccount(addressOf("b"))).toBe(false);
    expect([vault.unlocked().length, kept.size]).toEqual([2, 2]);
    expect([vault.lockAccount(account), vault.lockAccount(account)]).toEqual([true, false]);
    expect([vault.unlocked(), kept.size]).toEqual([[], 0]);
    await vault.unlock(terms, secretOf("right"));
    expect(vault.unlockedFor(account, "socket:ipc")).toBeDefined();
  });

  test.each([1, 2])("unlock() leaves nothing behind once it isn't wanted (case %#)", async (at) => {
    const { vault, kept } = setUp();
    let asked = 0;
    const unlocking = vault.unlock(terms, secretOf("right"), () => {
      if (++asked === at) throw hungUp;
    });
    await expect(unlocking).rejects.toBe(hungUp);
    expect([vault.unlocked(), kept.size]).toEqual([[], 0]);
  });

  test("unlock() takes the place of an older one, and a wrong password changes nothing", async () => {
    const { vault, kept } = setUp();
    await vault.unlock(terms, secretOf("right"));
    await expect(vault.unlock(terms, secretOf("wrong"))).rejects.toMatchObject(
      failure("password.wrong"),
    );
    expect(kept).toEqual(new Set(["grant 1"]));
    await vault.unlock({ ...terms, uses: 9 }, secretOf("right"));
    expect(vault.unlocked()).toMatchObject([{ usesLeft: 9 }]);
    expect(kept).toEqual(new Set(["grant 3"]));
  });

  test("unlock() holds a bounded number of keys", async () => {
    const { vault, kept } = setUp();
    for (let at = 1; at < limits.grantsMax; at++) {
      await vault.unlock({ ...terms, caller: `c${at}` }, secretOf("right"));
    }
    const both = ["one", "other"].map((caller) =>
      vault.unlock({ ...terms, caller }, secretOf("right")),
    );
    const ends = await Promise.allSettled(both);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(kept.size).toBe(limits.grantsMax);
    // One that is renewed takes no room of its own.
    await vault.unlock({ ...terms, caller: "c1", uses: 9 }, secretOf("right"));
    await expect(vault.unlock(terms, secretOf("right"))).rejects.toMatchObject(
      failure("unlock.full"),
    );
  });
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
    const vault = vaultOf(sources, {
      clock: new FakeClock(),
      generation: () => 1,
      newId: counting(),
    });
    await expect(vault.find(account)).rejects.toMatchObject(failure("account.ambiguous"));
    expect(await vault.accounts()).toHaveLength(2);
  });
});
