import type { Hex } from "@cleft/protocol/hex.ts";
import { JsonNumber, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Wei } from "../domain/quantity.ts";
import { describe, type Fields, refuse, type SpelledAddress } from "./fields.ts";

/** Bytes of a blob, of a commitment or proof, and how many cell proofs a blob has (EIP-4844, EIP-7594). */
const blobBytes = 131_072;
const pointBytes = 48;
const cellsPerBlob = 128;

/** What only a blob transaction has (EIP-4844). */
export interface BlobArgs {
  readonly maxFeePerBlobGas: Wei;
  /** One a blob; undefined if they are still to be computed from the blobs. */
  readonly hashes: readonly Hex[] | undefined;
  /** The blobs themselves; undefined if the caller keeps them. */
  readonly sidecar: SidecarArgs | undefined;
}

/** Blobs, and what proves that they are those of the hashes. */
export interface SidecarArgs {
  /** 0: one proof a blob (EIP-4844). 1: 128 cell proofs a blob (EIP-7594). */
  readonly version: 0 | 1;
  readonly blobs: readonly Hex[];
  /** Undefined if it is still to be computed. */
  readonly proven: Proven | undefined;
}

/** Commitments, one a blob, and proofs. */
export interface Proven {
  readonly commitments: readonly Hex[];
  readonly proofs: readonly Hex[];
}

/**
 * Parses the fields of a blob transaction; that the proofs are right is checked later, it takes long.
 * @throws Failure `params.invalid` naming the field, `transaction.refused` with Clef's text
 */
export function parseBlobArgs(
  fields: Fields,
  { to, gasPrice }: { readonly to: SpelledAddress | "create"; readonly gasPrice: Wei | undefined },
): BlobArgs {
  const maxFeePerBlobGas = fields.required(
    "maxFeePerBlobGas",
    fields.parseNullableWei("maxFeePerBlobGas"),
  );
  if (gasPrice !== undefined) {
    fields.refuse("gasPrice", "expected none, a blob transaction has maxFeePerGas");
  }
  const hashes = fields.parseList("blobVersionedHashes", limits.blobsMax, parseHash);
  const sidecar = parseSidecar(fields, hashes);
  if (to === "create") refuseAsClef("transaction recipient must be set for blob transactions");
  return { maxFeePerBlobGas, hashes, sidecar };
}

function parseSidecar(fields: Fields, hashes: BlobArgs["hashes"]): SidecarArgs | undefined {
  const blobs = fields.parseList("blobs", limits.blobsMax, bytesOf(blobBytes));
  const pointsMax = limits.blobsMax * cellsPerBlob;
  const commitments = fields.parseList("commitments", pointsMax, bytesOf(pointBytes));
  const proofs = fields.parseList("proofs", pointsMax, bytesOf(pointBytes));
  const version = parseVersion(fields);
  if (blobs === undefined || blobs.length === 0) {
    const given = { commitments, proofs, blobVersion: version, blobs };
    const stray = Object.entries(given).find(([, value]) => value !== undefined);
    if (stray !== undefined) fields.refuse(stray[0], "expected blobs that it belongs to");
    return undefined;
  }
  const proven = provenOf({ commitments, proofs, count: blobs.length });
  if (hashes !== undefined && hashes.length !== blobs.length) {
    refuseCount("blobs and hashes", hashes.length, blobs.length);
  }
  if (proven === undefined) return { version: version ?? 0, blobs, proven };
  const proofVersion = proven.proofs.length === blobs.length ? 0 : 1;
  if (version !== undefined && version !== proofVersion) {
    fields.refuse("blobVersion", `expected ${proofVersion}, which the number of proofs asks for`);
  }
  return { version: proofVersion, blobs, proven };
}

/** Both or neither, as many as there must be: Clef's texts. */
function provenOf({
  commitments,
  proofs,
  count,
}: {
  readonly commitments: readonly Hex[] | undefined;
  readonly proofs: readonly Hex[] | undefined;
  readonly count: number;
}): Proven | undefined {
  if (commitments === undefined && proofs === undefined) return undefined;
  if (commitments === undefined || proofs === undefined) {
    const [given, missing] =
      proofs === undefined ? ["commitments", "proofs"] : ["proofs", "commitments"];
    return refuseAsClef(`blob ${given} provided while ${missing} were not`);
  }
  if (commitments.length !== count) refuseCount("blobs and commitments", commitments.length, count);
  const cells = count * cellsPerBlob;
  if (proofs.length !== count && proofs.length !== cells) {
    const counts = `(have=${proofs.length}, want=${count} or ${cells})`;
    refuseAsClef(`number of proofs and blobs mismatch ${counts}`);
  }
  return { commitments, proofs };
}

function parseHash(untrusted: JsonValue, path: string): Hex {
  const hash = bytesOf(32)(untrusted, path);
  if (!hash.startsWith("0x01")) refuse(path, "expected a hash of version 0x01 (KZG)");
  return hash;
}

function bytesOf(count: number): (untrusted: JsonValue, path: string) => Hex {
  return (untrusted, path) => {
    const digits = 2 * count;
    const isHex =
      typeof untrusted === "string" &&
      untrusted.length === 2 + digits &&
      /^0[xX][0-9a-fA-F]*$/.test(untrusted);
    if (!isHex) {
      return refuse(path, `expected "0x" and ${digits} hex digits, got ${describe(untrusted)}`);
    }
    return `0x${untrusted.slice(2).toLowerCase()}`;
  };
}

function parseVersion(fields: Fields): 0 | 1 | undefined {
  const untrusted = fields.object.get("blobVersion") ?? null;
  if (untrusted === null) return undefined;
  const text = untrusted instanceof JsonNumber ? untrusted.text : undefined;
  if (text !== "0" && text !== "1") return fields.refuse("blobVersion", "expected 0 or 1");
  return text === "0" ? 0 : 1;
}

function refuseCount(what: string, have: number, want: number): never {
  refuseAsClef(`number of ${what} mismatch (have=${have}, want=${want})`);
}

function refuseAsClef(message: string): never {
  throw new Failure("transaction.refused", message);
}
