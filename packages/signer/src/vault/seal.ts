import {
  createCipheriv,
  createDecipheriv,
  pbkdf2Sync,
  scryptSync,
  timingSafeEqual,
} from "node:crypto";
import { toHex } from "@cleft/protocol/hex.ts";
import { scrypt } from "@noble/hashes/scrypt.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { Failure, messageOf } from "../domain/failure.ts";
import { Secret } from "../domain/secret.ts";
import { refuse } from "./fields.ts";
import type { Kdf, ScryptParams } from "./kdf.ts";
import { type Sealed, sealedBytes } from "./keyfile.ts";

/** Encrypts a key (Web3 Secret Storage, version 3). The caller keeps key and password. */
export function seal(
  secrets: { readonly key: Secret; readonly password: Secret },
  { kdf, salt, iv }: { kdf: ScryptParams; salt: Uint8Array; iv: Uint8Array },
): Sealed {
  return derive(secrets.password, kdf, salt, ({ cipherKey, macKey }) => {
    const cipher = createCipheriv("aes-128-ctr", cipherKey, iv);
    const ciphertext = secrets.key.use((key) => cipher.update(key));
    return {
      cipher: "aes-128-ctr",
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
 * @throws Failure `password.wrong`, `keyfile.refused`
 */
export function unseal(sealed: Sealed, password: Secret): Secret {
  const { salt, iv, ciphertext, mac } = sealedBytes(sealed);
  return derive(password, sealed.kdf, salt, ({ cipherKey, macKey }) => {
    if (!timingSafeEqual(macOf(macKey, ciphertext), mac)) {
      throw new Failure("password.wrong", "could not decrypt key with given password");
    }
    const decrypted = decrypt(sealed.cipher, { cipherKey, iv, ciphertext });
    try {
      const { length } = decrypted;
      if (length < 30 || length > 32) refuse(`expected a key of 32 bytes, got ${length}`);
      return Secret.filling(32, (key) => key.set(decrypted, 32 - length));
    } finally {
      decrypted.fill(0);
    }
  });
}

function decrypt(
  cipher: Sealed["cipher"],
  { cipherKey, iv, ciphertext }: Record<"cipherKey" | "iv" | "ciphertext", Uint8Array>,
): Uint8Array {
  switch (cipher) {
    case "aes-128-ctr":
      return createDecipheriv(cipher, cipherKey, iv).update(ciphertext);
    case "aes-128-cbc":
      return decryptBlocks({ cipherKey, iv, ciphertext });
  }
}

/** Version 1: the key of the cipher is hashed once more, and the last block is padded (PKCS #7). */
function decryptBlocks({
  cipherKey,
  iv,
  ciphertext,
}: Record<"cipherKey" | "iv" | "ciphertext", Uint8Array>): Uint8Array {
  const hashed = keccak_256(cipherKey);
  const decipher = createDecipheriv("aes-128-cbc", hashed.subarray(0, 16), iv);
  const parts = [decipher.update(ciphertext)];
  try {
    parts.push(decipher.final());
    return Uint8Array.from(Buffer.concat(parts));
  } catch (error) {
    throw new Failure("keyfile.refused", "its padding is wrong", { cause: error });
  } finally {
    for (const part of [hashed, ...parts]) part.fill(0);
  }
}

/** Lends the two halves of the derived key and wipes them. */
function derive<T>(
  password: Secret,
  kdf: Kdf,
  salt: Uint8Array,
  borrow: (keys: { cipherKey: Uint8Array; macKey: Uint8Array }) => T,
): T {
  const derived = password.use((bytes) => run(kdf, bytes, salt));
  try {
    return borrow({ cipherKey: derived.subarray(0, 16), macKey: derived.subarray(16) });
  } finally {
    derived.fill(0);
  }
}

function run(kdf: Kdf, password: Uint8Array, salt: Uint8Array): Uint8Array {
  switch (kdf.kind) {
    case "scrypt":
      return runScrypt(password, salt, kdf);
    case "pbkdf2":
      return pbkdf2Sync(password, salt, kdf.c, 32, "sha256");
  }
}

/**
 * The bounds of the parameters were checked; what can fail here is memory. OpenSSL holds to the
 * RFC's bound of n below 2^(16·r), which the example of Web3 Secret Storage itself exceeds.
 */
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
