import { createCipheriv, createDecipheriv, scryptSync, timingSafeEqual } from "node:crypto";
import { toHex } from "@cleft/protocol/hex.ts";
import { scrypt } from "@noble/hashes/scrypt.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { Failure, messageOf } from "../domain/failure.ts";
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
    try {
      return Secret.filling(32, (key) => key.set(decrypted, key.length - decrypted.length));
    } finally {
      decrypted.fill(0);
    }
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
  const derived = password.use((bytes) => runScrypt(bytes, salt, { n, r, p }));
  try {
    return borrow({ cipherKey: derived.subarray(0, 16), macKey: derived.subarray(16) });
  } finally {
    derived.fill(0);
  }
}

/** The bounds of the parameters were checked; what can fail here is memory. */
function runScrypt(password: Uint8Array, salt: Uint8Array, { n, r, p }: ScryptParams): Uint8Array {
  const maxmem = 2 * 128 * r * (n + p);
  try {
    return n < 2 ** (16 * r)
      ? scryptSync(password, salt, 32, { N: n, r, p, maxmem })
      : scrypt(password, salt, { N: n, r, p, dkLen: 32, maxmem });
  } catch (error) {
    throw new Failure("vault.failed", `the key derivation failed: ${messageOf(error)}`, {
      hint: "free some memory: a standard derivation needs 256 MiB",
      cause: error,
    });
  }
}

function macOf(macKey: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak_256.create().update(macKey).update(ciphertext).digest();
}
