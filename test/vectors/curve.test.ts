import { createCipheriv, createHash } from "node:crypto";
import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { addressOfPublicKey } from "../../packages/signer/src/domain/address.ts";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { parseKeyFile } from "../../packages/signer/src/vault/keyfile.ts";
import { unseal } from "../../packages/signer/src/vault/seal.ts";
import { hasShared } from "../support/shared.ts";
import { keccak_256 } from "./keccak.ts";
import { curve, hexBytes } from "./signing.ts";
import { attempt, type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

interface Wycheproof<Group> {
  readonly testGroups: readonly Group[];
}

interface Verification {
  readonly publicKey: { readonly uncompressed: string };
  readonly tests: readonly {
    readonly tcId: number;
    readonly msg: string;
    readonly sig: string;
    readonly result: "valid" | "invalid";
  }[];
}

function ecdsaCases(): Case[] {
  const file = "secp256k1/wycheproof-ecdsa_secp256k1_sha256_test.json";
  return readVectors<Wycheproof<Verification>>(file).testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, msg, sig, result }) => ({
      name: `case ${tcId}`,
      run: () => {
        const digest = createHash("sha256").update(hexBytes(msg)).digest();
        const signer = addressOfPublicKey(hexBytes(publicKey.uncompressed));
        return judgeRecovery({ digest, signer, sig, isValid: result === "valid" });
      },
    })),
  );
}

/** Two valid signatures whose R has an x above the order: r is small and s is n - 3. */
const aboveOrder = /^30(?:36021100?14551231950b75fc4402da1722fc9baeb|26020102)0221/;

/** A valid signature has a parity with which its signer is found; an invalid one has none. */
function judgeRecovery(signed: {
  digest: Uint8Array;
  signer: string;
  sig: string;
  isValid: boolean;
}): Verdict {
  const { digest, signer, sig, isValid } = signed;
  const parts = readDer(sig);
  if (parts === undefined) return isValid ? { wrong: "valid DER" } : { refused: "DER only" };
  if (isValid && aboveOrder.test(sig)) return { refused: "x above the order" };
  const found = ([0, 1] as const).map((yParity) => curve.recover(digest, { ...parts, yParity }));
  return same(String(found.includes(signer as (typeof found)[number])), String(isValid));
}

/** r and s of a signature in strict DER and of at most 32 bytes each. */
function readDer(sig: string): { r: Hex; s: Hex } | undefined {
  const [, length, r, s] = /^30(..)02(?=(..))/.test(sig) ? derParts(sig) : [];
  if (length === undefined || r === undefined || s === undefined) return undefined;
  return { r: `0x${r.padStart(64, "0")}`, s: `0x${s.padStart(64, "0")}` };
}

function derParts(sig: string): (string | undefined)[] {
  const bytes = hexBytes(sig);
  const rLength = bytes[3] ?? 0;
  const sLength = bytes[5 + rLength] ?? 0;
  const isWhole = bytes[1] === bytes.length - 2 && bytes.length === 6 + rLength + sLength;
  if (!isWhole || bytes[4 + rLength] !== 2) return [];
  const parts = [bytes.subarray(4, 4 + rLength), bytes.subarray(6 + rLength)];
  const numbers = parts.map((part) => {
    const isShortest = part[0] !== 0 || (part[1] ?? 0) >= 0x80;
    const digits = toHex(part).slice(2).replace(/^00/, "");
    const isPositive = part.length > 0 && (part[0] ?? 0) < 0x80;
    return isShortest && isPositive && digits.length <= 64 ? digits : undefined;
  });
  return [sig, String(bytes.length), ...numbers];
}

interface Derivation {
  readonly tests: readonly {
    readonly tcId: number;
    readonly password: string;
    readonly salt: string;
    readonly iterationCount: number;
    readonly dkLen: number;
    readonly dk: string;
  }[];
}

/** A key file made of the vector's derived key: only who derives the same one can open it. */
function judgeDerivation(derivation: Derivation["tests"][number]): Verdict {
  const { password, salt, iterationCount, dkLen, dk } = derivation;
  if (dkLen < 32) return { refused: "short derived key" };
  const derived = hexBytes(dk);
  const key = new Uint8Array(32).fill(1);
  const iv = new Uint8Array(16).fill(2);
  const ciphertext = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv).update(key);
  const digits = (bytes: Uint8Array) => toHex(bytes).slice(2);
  const file = {
    address: curve.accountOf(key),
    crypto: {
      cipher: "aes-128-ctr",
      ciphertext: digits(ciphertext),
      cipherparams: { iv: digits(iv) },
      kdf: "pbkdf2",
      kdfparams: { dklen: 32, c: iterationCount, prf: "hmac-sha256", salt },
      mac: digits(keccak_256(Buffer.concat([derived.subarray(16, 32), ciphertext]))),
    },
    version: 3,
  };
  const opened = attempt(() =>
    unseal(
      parseKeyFile(Buffer.from(JSON.stringify(file))).sealed,
      Secret.taking(hexBytes(password)),
    ),
  );
  if (!(opened instanceof Failure)) return same(opened.use(toHex), toHex(key));
  if (opened.code === "password.wrong") return { wrong: "another derived key" };
  return { refused: "beyond a bound" };
}

testVectors(
  [
    {
      file: "secp256k1/wycheproof-ecdsa_secp256k1_sha256_test.json",
      passesMin: 224,
      cases: ecdsaCases,
    },
    {
      file: "secp256k1/wycheproof-pbkdf2_hmacsha256_test.json",
      passesMin: 38,
      cases: () =>
        readVectors<Wycheproof<Derivation>>(
          "secp256k1/wycheproof-pbkdf2_hmacsha256_test.json",
        ).testGroups.flatMap(({ tests }) =>
          tests.map((test) => ({ name: `case ${test.tcId}`, run: () => judgeDerivation(test) })),
        ),
    },
  ],
  { skip: !hasShared },
);
