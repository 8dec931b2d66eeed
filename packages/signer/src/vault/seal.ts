import { createCipheriv, createDecipheriv, scryptSync, timingSafeEqual } from "node:crypto";
import { toHex } from "@cleft/protocol/hex.ts";
import { scrypt } from "@noble/hashes/scrypt.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { Failure } from "../domain/failure.ts";
import { Secret } from "../domain/secret.ts";
import { type ScryptParams, type Sealed, sealedBytes } from "./keyfile.ts";

/** Encrypts a key (Web3 Secret Storage, version 3). The caller keeps key and password. */
export function seal(
  secrets: { readonly key: Secret; readonly password: Secret },
  { kdf, salt, iv }: { kdf: ScryptParams; salt: Uint8Array; iv: Uint8Array },
): Sealed {
  return derive(secrets.password, kdf, salt, ({ cipherKey, macKey }) => {
    const cipher = createCipheriv("aes-128-ctr", cipherKey, iv);
    const ciphertext = secrets.key.use((key) => cipher.update(key));
    return {
      kdf,
      salt: toHex(salt),
      iv: toHex(iv),
      ciphertext: toHex(ciphertext),
      mac: toHex(macOf(macKey, ciphertext)),
    };
  });
}

/**
 * Decrypts a key. The caller wipes it.
 * @throws Failure `password.wrong`
 */
export function unseal(sealed: Sealed, password: Secret): Secret {
  const { salt, iv, ciphertext, mac } = sealedBytes(sealed);
  return derive(password, sealed.kdf, salt, ({ cipherKey, macKey }) => {
    if (!timingSafeEqual(macOf(macKey, ciphertext), mac)) {
      throw new Failure("password.wrong", "could not decrypt key with given password");
    }
    const decrypted = createDecipheriv("aes-128-ctr", cipherKey, iv).update(ciphertext);
    const key = new Uint8Array(32);
    key.set(decrypted, key.length - decrypted.length);
    decrypted.fill(0);
    return Secret.taking(key);
  });
}

/**
 * Lends the two halves of the derived key (RFC 7914) and wipes them. OpenSSL holds to the RFC's
 * bound of n below 2^(16·r), which the example of Web3 Secret Storage itself exceeds.
 */
function derive<T>(
  password: Secret,
  { n, r, p }: ScryptParams,
  salt: Uint8Array,
  borrow: (keys: { cipherKey: Uint8Array; macKey: Uint8Array }) => T,
): T {
  const derived = password.use((bytes) =>
    n < 2 ** (16 * r)
      ? scryptSync(bytes, salt, 32, { N: n, r, p, maxmem: 2 * 128 * r * (n + p) })
      : scrypt(bytes, salt, { N: n, r, p, dkLen: 32, maxmem: 2 * 128 * r * (n + p) }),
  );
  try {
    return borrow({ cipherKey: derived.subarray(0, 16), macKey: derived.subarray(16) });
  } finally {
    derived.fill(0);
  }
}

function macOf(macKey: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak_256.create().update(macKey).update(ciphertext).digest();
}
