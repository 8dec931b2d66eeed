import { SigningKey, Wallet } from "ethers";
import fc from "fast-check";
import { sign as signByViem } from "viem/accounts";
import { expect, test } from "vitest";
import { loadCurve } from "./curve.ts";
import { testAccount, testKey } from "./fakes.ts";
import { selfTest } from "./self-test.ts";

const curve = await loadCurve();
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const hexOf = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`;
const numberOf = (value: bigint) => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const key = fc.bigInt({ min: 1n, max: order - 1n }).map(numberOf);
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const few = { numRuns: 25, examples: [[numberOf(1n), new Uint8Array(32)] as [Buffer, Uint8Array]] };

test("sign() gives the very bytes that ethers gives", () => {
  fc.assert(
    fc.property(key, digest, (privateKey, hash) => {
      const { r, s, yParity } = new SigningKey(hexOf(privateKey)).sign(hash);
      expect(curve.sign(privateKey, hash)).toEqual({ r, s, yParity });
    }),
    few,
  );
});

test("sign() gives the very bytes that viem gives", async () => {
  await fc.assert(
    fc.asyncProperty(key, digest, async (privateKey, hash) => {
      const { r, s, yParity } = await signByViem({
        hash: hexOf(hash),
        privateKey: hexOf(privateKey),
      });
      expect(curve.sign(privateKey, hash)).toEqual({ r, s, yParity });
    }),
    few,
  );
});

test("sign() gives a low s, always the same", () => {
  fc.assert(
    fc.property(key, digest, (privateKey, hash) => {
      const signature = curve.sign(privateKey, hash);
      expect(BigInt(signature.s) <= order / 2n).toBe(true);
      expect(curve.sign(privateKey, hash)).toEqual(signature);
    }),
    few,
  );
});

test.each([
  ["r of 0", 0n, 1n],
  ["s of 0", 1n, 0n],
  ["r of the order", order, 1n],
  ["s of the order", 1n, order],
  ["r that is no x of the curve", 5n, 1n],
])("recover() finds nobody behind an %s", (_name, r, s) => {
  const signature = { r: hexOf(numberOf(r)), s: hexOf(numberOf(s)), yParity: 0 } as const;
  expect(curve.recover(new Uint8Array(32).fill(1), signature)).toBeUndefined();
});

test("recover() names the account that accountOf() names", () => {
  fc.assert(
    fc.property(key, digest, (privateKey, hash) => {
      const account = curve.accountOf(privateKey);
      expect(curve.recover(hash, curve.sign(privateKey, hash))).toBe(account);
      expect(account).toBe(new Wallet(hexOf(privateKey)).address.toLowerCase());
    }),
    few,
  );
});

test("recover() names another account for another digest or parity", () => {
  const bytes = Buffer.from(testKey, "hex");
  const hash = new Uint8Array(32).fill(1);
  const signature = curve.sign(bytes, hash);
  const flipped = { ...signature, yParity: signature.yParity === 0 ? 1 : 0 } as const;
  expect(curve.recover(hash, signature)).toBe(testAccount);
  expect(curve.recover(hash, flipped)).not.toBe(testAccount);
  expect(curve.recover(new Uint8Array(32).fill(2), signature)).not.toBe(testAccount);
});

test.each([
  ["zero", numberOf(0n)],
  ["the order", numberOf(order)],
  ["more than the order", numberOf(order + 1n)],
  ["all ones", Buffer.alloc(32, 0xff)],
  ["nothing", Buffer.alloc(0)],
])("accountOf() knows that %s is no key", (_, bytes) => {
  expect(curve.accountOf(bytes)).toBeUndefined();
});

test.each([31, 33])("accountOf() knows that %i bytes are no key", (length) => {
  expect(curve.accountOf(Buffer.alloc(length, 1))).toBeUndefined();
});

test("selfTest() passes the real libraries", () => {
  expect(() => selfTest({ curve })).not.toThrow();
});

test.each([
  ["another account", { ...curve, accountOf: () => testAccount }],
  ["another signer", { ...curve, recover: () => testAccount }],
  ["another s", { ...curve, sign: lying("s") }],
  ["another r", { ...curve, sign: lying("r") }],
])("selfTest() fails a library that gives %s", (_, wrong) => {
  expect(() => selfTest({ curve: wrong })).toThrow();
});

function lying(part: "r" | "s"): typeof curve.sign {
  return (bytes, hash) => ({ ...curve.sign(bytes, hash), [part]: `0x${"1".repeat(64)}` });
}
