import { createHash } from "node:crypto";
import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import type { KZG } from "micro-eth-signer/kzg.js";

/** What is to be done about one transaction's blobs. Plain data: it crosses a thread. */
export interface KzgJob {
  /** 0: one proof a blob (EIP-4844). 1: 128 cell proofs a blob (EIP-7594). */
  readonly version: 0 | 1;
  readonly blobs: readonly Hex[];
  /** What the caller says; undefined if it is to be computed. */
  readonly proven:
    | { readonly commitments: readonly Hex[]; readonly proofs: readonly Hex[] }
    | undefined;
  readonly hashes: readonly Hex[] | undefined;
}

/** What holds of the blobs: computed, or the caller's and right. */
export interface KzgResult {
  readonly commitments: readonly Hex[];
  readonly proofs: readonly Hex[];
  readonly hashes: readonly Hex[];
}

/** `refused` is what is wrong with the blobs, in Clef's words. */
export type KzgReply = { readonly result: KzgResult } | { readonly refused: string };

/** Checks what the caller says of its blobs, or computes it. What is cheap comes first. */
export function runJob(job: KzgJob, kzg: KZG): KzgReply {
  try {
    return { result: job.proven === undefined ? compute(job, kzg) : check(job, job.proven, kzg) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message };
    throw error;
  }
}

/** Something is wrong with the blobs. */
class Refused extends Error {}

function check(
  { version, blobs, hashes }: KzgJob,
  { commitments, proofs }: NonNullable<KzgJob["proven"]>,
  kzg: KZG,
): KzgResult {
  const own = commitments.map(versionedHash);
  compareHashes(hashes, own);
  const each = proofs.length / blobs.length;
  for (const [at, blob] of blobs.entries()) {
    const mine = proofs.slice(at * each, (at + 1) * each);
    const verify = version === 0 ? verifyBlob : verifyCells;
    if (!verify(kzg, { blob, commitment: commitments[at] ?? "0x", proofs: mine })) {
      throw new Refused("failed to verify blob proof: can't verify opening proof");
    }
  }
  return { commitments, proofs, hashes: own };
}

function compute({ version, blobs, hashes }: KzgJob, kzg: KZG): KzgResult {
  const commitments = blobs.map((blob, at) => commitmentOf(blob, at, kzg));
  const own = commitments.map(versionedHash);
  compareHashes(hashes, own);
  const proofs = blobs.flatMap((blob, at) =>
    version === 0
      ? [kzg.computeBlobProof(blob, commitments[at] ?? "0x")]
      : kzg.computeCellsAndProofs(blob)[1],
  );
  return { commitments, proofs: proofs.map(hexOf), hashes: own };
}

/** The only thing that can be wrong with a blob of the right length: a number beyond the field. */
function commitmentOf(blob: Hex, at: number, kzg: KZG): Hex {
  try {
    return hexOf(kzg.blobToKzgCommitment(blob));
  } catch (error) {
    if (!isBadScalar(error)) throw error;
    const why = "scalar is not canonical when interpreted as a big integer in big-endian";
    throw new Refused(`blobs[${at}]: error computing commitment: ${why}`);
  }
}

interface Opening {
  readonly blob: Hex;
  readonly commitment: Hex;
  readonly proofs: readonly Hex[];
}

function verifyBlob(kzg: KZG, { blob, commitment, proofs: [proof = "0x"] }: Opening): boolean {
  return kzg.verifyBlobProof(blob, commitment, proof);
}

/** The library throws at bytes that are no point of the curve, and at blobs with wrong numbers. */
function verifyCells(kzg: KZG, { blob, commitment, proofs }: Opening): boolean {
  try {
    const cells = kzg.computeCells(blob);
    const commitments = cells.map(() => commitment);
    return kzg.verifyCellKzgProofBatch(commitments, [...cells.keys()], cells, [...proofs]);
  } catch {
    return false;
  }
}

function compareHashes(have: KzgJob["hashes"], want: readonly Hex[]): void {
  const at = have?.findIndex((hash, index) => hash !== want[index]) ?? -1;
  if (have === undefined || at < 0) return;
  throw new Refused(`blob hash verification failed (have=${have[at]}, want=${want[at]})`);
}

/** The hash by which a transaction names a blob: version 1 and the rest of the commitment's SHA-256. */
function versionedHash(commitment: Hex): Hex {
  const hash = createHash("sha256").update(fromHex(commitment)).digest("hex");
  return `0x01${hash.slice(2)}`;
}

function isBadScalar(error: unknown): boolean {
  return error instanceof Error && error.message === "parseScalar: invalid field element";
}

function hexOf(text: string): Hex {
  return `0x${text.replace(/^0x/, "")}`;
}
