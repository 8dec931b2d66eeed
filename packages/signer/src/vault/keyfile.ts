import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { isObject, JsonNumber, type JsonObject, parseJsonBytes } from "@cleft/protocol/json.ts";
import { type Address, parseAddress, zeroAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** Work and memory of scrypt (RFC 7914): 128·n·r bytes, p times. */
export interface ScryptParams {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** go-ethereum's two strengths: 256 MiB, and 4 MiB six times (`--lightkdf`). */
export const standardKdf: ScryptParams = { n: 262_144, r: 8, p: 1 };
export const lightKdf: ScryptParams = { n: 4096, r: 8, p: 6 };

/** The encrypted key of a keystore file (Web3 Secret Storage, version 3). Plain data. */
export interface Sealed {
  readonly kdf: ScryptParams;
  readonly salt: Hex;
  readonly iv: Hex;
  readonly ciphertext: Hex;
  readonly mac: Hex;
}

export interface KeyFile {
  readonly address: Address;
  readonly sealed: Sealed;
}

/**
 * Reads a keystore file and bounds its cost, so that nobody who can write into the directory can
 * make a derivation take all memory or for ever.
 * @throws Failure `keyfile.refused` with the reason
 */
export function parseKeyFile(untrusted: Uint8Array): KeyFile {
  const file = parseObject(untrusted);
  const version = file.get("version");
  if (!(version instanceof JsonNumber) || version.text !== "3") refuse("expected version 3");
  const crypto = child(file, file.has("Crypto") ? "Crypto" : "crypto");
  if (crypto.get("cipher") !== "aes-128-ctr") refuse("expected cipher aes-128-ctr");
  if (crypto.get("kdf") !== "scrypt") refuse("expected kdf scrypt, others are not implemented yet");
  const kdfParams = child(crypto, "kdfparams");
  return {
    address: parseFileAddress(file),
    sealed: {
      kdf: parseScrypt(kdfParams),
      salt: bytes(kdfParams, "salt", { min: 1, max: 1024 }),
      iv: bytes(child(crypto, "cipherparams"), "iv", { min: 16, max: 16 }),
      // Old go-ethereum dropped leading zeros of a key.
      ciphertext: bytes(crypto, "ciphertext", { min: 30, max: 32 }),
      mac: bytes(crypto, "mac", { min: 32, max: 32 }),
    },
  };
}

/** Writes a keystore file as go-ethereum does: compact, its keys in its order, no newline. */
export function encodeKeyFile({ address, sealed }: KeyFile, id: string): Uint8Array {
  const { kdf, salt, iv, ciphertext, mac } = sealed;
  const file = {
    address: address.slice(2),
    crypto: {
      cipher: "aes-128-ctr",
      ciphertext: ciphertext.slice(2),
      cipherparams: { iv: iv.slice(2) },
      kdf: "scrypt",
      kdfparams: { dklen: 32, n: kdf.n, p: kdf.p, r: kdf.r, salt: salt.slice(2) },
      mac: mac.slice(2),
    },
    id,
    version: 3,
  };
  return new TextEncoder().encode(JSON.stringify(file));
}

/** go-ethereum's name of a key file, e.g. `UTC--2026-11-22T06-31-43.561483755Z--f39f…`. */
export function keyFileName(address: Address, { atMs, nanos }: { atMs: number; nanos: number }) {
  const second = new Date(atMs).toISOString().slice(0, 19).replaceAll(":", "-");
  const fraction = String((atMs % 1000) * 1_000_000 + nanos).padStart(9, "0");
  return `UTC--${second}.${fraction}Z--${address.slice(2)}`;
}

function parseObject(untrusted: Uint8Array): JsonObject {
  try {
    const file = parseJsonBytes(untrusted, limits.json);
    if (isObject(file)) return file;
  } catch (error) {
    throw new Failure("keyfile.refused", "it is not JSON", { cause: error });
  }
  return refuse("expected a JSON object");
}

function parseScrypt(params: JsonObject): ScryptParams {
  const { n, r, p, dklen } = {
    n: integer(params, "n"),
    r: integer(params, "r"),
    p: integer(params, "p"),
    dklen: integer(params, "dklen"),
  };
  if (dklen !== 32) refuse(`expected dklen 32, got ${dklen}`);
  if (n < 2 || !Number.isInteger(Math.log2(n))) refuse(`expected n to be a power of 2, got ${n}`);
  if (r < 1 || p < 1) refuse("expected r and p of at least 1");
  if (128 * n * r * p > limits.scryptCostBytesMax) {
    const most = limits.scryptCostBytesMax / 2 ** 20;
    refuse(`its key derivation costs more than ${most} MiB (n=${n}, r=${r}, p=${p})`);
  }
  return { n, r, p };
}

/** Below 2^32, so that the product of four is exact enough to be compared. */
function integer(object: JsonObject, name: string): number {
  const value = object.get(name);
  if (!(value instanceof JsonNumber) || !/^\d{1,10}$/.test(value.text)) {
    return refuse(`expected a whole number in ${name}`);
  }
  return Number(value.text);
}

function bytes(object: JsonObject, name: string, { min, max }: { min: number; max: number }): Hex {
  const value = object.get(name);
  if (typeof value !== "string" || !/^(?:[0-9a-fA-F]{2})*$/.test(value)) {
    return refuse(`expected hex digits in ${name}`);
  }
  const length = value.length / 2;
  if (length < min || length > max) refuse(`expected ${min} to ${max} bytes of ${name}`);
  return `0x${value.toLowerCase()}`;
}

function child(object: JsonObject, name: string): JsonObject {
  const value = object.get(name);
  return isObject(value) ? value : refuse(`expected an object in ${name}`);
}

function parseFileAddress(file: JsonObject): Address {
  const text = file.get("address");
  if (typeof text !== "string") return refuse("expected an address");
  const prefixed = /^0[xX]/.test(text) ? text : `0x${text}`;
  const address = parseAddress(prefixed) ?? refuse("expected an address");
  return address === zeroAddress ? refuse("expected an address, got zero") : address;
}

function refuse(reason: string): never {
  throw new Failure("keyfile.refused", reason);
}

/** The fields of a sealed key as bytes. */
export function sealedBytes(sealed: Sealed) {
  return {
    salt: fromHex(sealed.salt),
    iv: fromHex(sealed.iv),
    ciphertext: fromHex(sealed.ciphertext),
    mac: fromHex(sealed.mac),
  };
}
