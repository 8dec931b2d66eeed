import assert from "node:assert/strict";
import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { isObject, JsonNumber, type JsonObject, parseJsonBytes } from "@cleft/protocol/json.ts";
import { type Address, parseAddress, zeroAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { bytes, child, refuse } from "./fields.ts";
import { type Kdf, parseKdf } from "./kdf.ts";

/** The encrypted key of a keystore file (Web3 Secret Storage, versions 1 and 3). Plain data. */
export interface Sealed {
  /** Version 3 has the counter mode, version 1 the block mode. New files are always version 3. */
  readonly cipher: "aes-128-ctr" | "aes-128-cbc";
  readonly kdf: Kdf;
  readonly salt: Hex;
  readonly iv: Hex;
  readonly ciphertext: Hex;
  readonly mac: Hex;
}

export interface KeyFile {
  readonly address: Address;
  readonly sealed: Sealed;
}

/** A key file from elsewhere: some programs leave the address out. */
export interface ForeignKeyFile {
  readonly address: Address | undefined;
  readonly sealed: Sealed;
}

/**
 * Reads a keystore file and bounds its cost, so that nobody who can write into the directory can
 * make a derivation take all memory or for ever.
 * @throws Failure `keyfile.refused` with the reason
 */
export function parseKeyFile(untrusted: Uint8Array): KeyFile {
  const { address, sealed } = parseForeignKeyFile(untrusted);
  if (address === undefined) refuse("expected an address; cleft account import does without");
  return { address, sealed };
}

/** Reads a keystore file that need not name its account. @throws the same */
export function parseForeignKeyFile(untrusted: Uint8Array): ForeignKeyFile {
  const file = parseObject(untrusted);
  const cipher = cipherOf(file);
  if (file.has("Crypto") && file.has("crypto")) refuse("expected one of crypto and Crypto");
  if (file.has("__proto__")) refuse("expected no key __proto__: it is made to mislead a parser");
  const crypto = child(file, file.has("Crypto") ? "Crypto" : "crypto");
  if (crypto.get("cipher") !== cipher) refuse(`expected cipher ${cipher}`);
  const kdf = parseKdf(crypto);
  return {
    address: file.has("address") ? parseFileAddress(file) : undefined,
    sealed: {
      cipher,
      kdf,
      salt: bytes(child(crypto, "kdfparams"), "salt", { min: 1, max: 1024 }),
      iv: bytes(child(crypto, "cipherparams"), "iv", { min: 16, max: 16 }),
      ciphertext: parseCiphertext(crypto, cipher),
      mac: bytes(crypto, "mac", { min: 32, max: 32 }),
    },
  };
}

/** Writes a keystore file as go-ethereum does: compact, its keys in its order, no newline. */
export function encodeKeyFile({ address, sealed }: KeyFile, id: string): Uint8Array {
  const { cipher, kdf, salt, iv, ciphertext, mac } = sealed;
  assert(
    cipher === "aes-128-ctr" && kdf.kind === "scrypt",
    "only version 3 with scrypt is written",
  );
  const file = {
    address: address.slice(2),
    crypto: {
      cipher,
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

/** When a key file was made, by a name of {@link keyFileName}; undefined for any other name. */
export function creationOf(name: string): string | undefined {
  const [, day, hour, minute, second] =
    /^UTC--(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)\.\d+Z?--/.exec(name) ?? [];
  return day === undefined ? undefined : `${day} ${hour}:${minute}:${second}Z`;
}

function parseObject(untrusted: Uint8Array): JsonObject {
  try {
    const file = parseJsonBytes(untrusted, limits.json);
    if (isObject(file)) return file;
  } catch (error) {
    throw new Failure("keyfile.refused", "it is not JSON", {
      hint: "a key in hex is taken in by: cleft importraw",
      cause: error,
    });
  }
  return refuse("expected a JSON object");
}

/** Version 1 is a text, version 3 a number. */
function cipherOf(file: JsonObject): Sealed["cipher"] {
  const version = file.get("version");
  if (version === "1") return "aes-128-cbc";
  if (version instanceof JsonNumber && version.text === "3") return "aes-128-ctr";
  return refuse('expected version 3 or "1"');
}

/** Old go-ethereum dropped leading zeros of a key; the block mode pads it to whole blocks. */
function parseCiphertext(crypto: JsonObject, cipher: Sealed["cipher"]): Hex {
  if (cipher === "aes-128-ctr") return bytes(crypto, "ciphertext", { min: 30, max: 32 });
  const blocks = bytes(crypto, "ciphertext", { min: 32, max: 48 });
  const length = (blocks.length - 2) / 2;
  return length % 16 === 0 ? blocks : refuse("expected whole blocks of ciphertext");
}

function parseFileAddress(file: JsonObject): Address {
  const text = file.get("address");
  if (typeof text !== "string") return refuse("expected an address");
  const prefixed = /^0[xX]/.test(text) ? text : `0x${text}`;
  const address = parseAddress(prefixed) ?? refuse("expected an address");
  return address === zeroAddress ? refuse("nobody holds the key of the zero address") : address;
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
