import type { JsonObject } from "@cleft/protocol/json.ts";
import { limits } from "../domain/limits.ts";
import { child, integer, refuse } from "./fields.ts";

/** Work and memory of scrypt (RFC 7914): 128·n·r bytes, p times. */
export interface ScryptParams {
  readonly kind: "scrypt";
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** Iterations of PBKDF2 with HMAC-SHA256 (RFC 8018): work, and no memory. Read, never written. */
export interface Pbkdf2Params {
  readonly kind: "pbkdf2";
  readonly c: number;
}

/** How a password becomes the 32 bytes that encrypt a key. */
export type Kdf = ScryptParams | Pbkdf2Params;

/** go-ethereum's two strengths: 256 MiB, and 4 MiB six times (`--lightkdf`). */
export const standardKdf: ScryptParams = { kind: "scrypt", n: 262_144, r: 8, p: 1 };
export const lightKdf: ScryptParams = { kind: "scrypt", n: 4096, r: 8, p: 6 };

/**
 * Reads a derivation and bounds its cost before anything is derived.
 * @throws Failure `keyfile.refused` with the reason
 */
export function parseKdf(crypto: JsonObject): Kdf {
  const kdf = crypto.get("kdf");
  if (kdf !== "scrypt" && kdf !== "pbkdf2") return refuse("expected kdf scrypt or pbkdf2");
  const params = child(crypto, "kdfparams");
  const dklen = integer(params, "dklen");
  if (dklen !== 32) refuse(`expected dklen 32, got ${dklen}`);
  return kdf === "scrypt" ? parseScrypt(params) : parsePbkdf2(params);
}

/** Whether a derivation is cheap enough to be guessed at; its key file should be made anew. */
export function isWeak(kdf: Kdf): boolean {
  switch (kdf.kind) {
    case "scrypt":
      return 128 * kdf.n * kdf.r < limits.scryptStrongBytes;
    case "pbkdf2":
      return kdf.c < limits.pbkdf2StrongIterations;
  }
}

/** A derivation in words, e.g. `scrypt n=262144 r=8 p=1`. */
export function describeKdf(kdf: Kdf): string {
  switch (kdf.kind) {
    case "scrypt":
      return `scrypt n=${kdf.n} r=${kdf.r} p=${kdf.p}`;
    case "pbkdf2":
      return `pbkdf2 c=${kdf.c}`;
  }
}

function parseScrypt(params: JsonObject): ScryptParams {
  const { n, r, p } = {
    n: integer(params, "n"),
    r: integer(params, "r"),
    p: integer(params, "p"),
  };
  if (n < 2 || !Number.isInteger(Math.log2(n))) refuse(`expected n to be a power of 2, got ${n}`);
  if (r < 1 || p < 1) refuse("expected r and p of at least 1");
  if (128 * n * r * p > limits.scryptCostBytesMax) {
    const most = limits.scryptCostBytesMax / 2 ** 20;
    refuse(`its key derivation costs more than ${most} MiB (n=${n}, r=${r}, p=${p})`);
  }
  return { kind: "scrypt", n, r, p };
}

function parsePbkdf2(params: JsonObject): Pbkdf2Params {
  if (params.get("prf") !== "hmac-sha256") refuse("expected prf hmac-sha256");
  const c = integer(params, "c");
  if (c < 1) refuse("expected c of at least 1");
  if (c > limits.pbkdf2IterationsMax) {
    refuse(`its key derivation takes more than ${limits.pbkdf2IterationsMax} iterations (c=${c})`);
  }
  return { kind: "pbkdf2", c };
}
