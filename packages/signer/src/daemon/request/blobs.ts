import assert from "node:assert/strict";
import type { Hex } from "@cleft/protocol/hex.ts";
import { nameOf } from "../../domain/caller.ts";
import { Failure } from "../../domain/failure.ts";
import type { TransactionArgs } from "../../signable/transaction-args.ts";
import type { Asking, HandleParts } from "./asking.ts";

type BlobParts = Pick<HandleParts, "kzg" | "callers" | "queue" | "blobComputeMax">;

/** Stands for a hash that isn't known yet, in what is only looked at and never signed. */
const unknownHash: Hex = `0x01${"0".repeat(62)}`;

/**
 * Checks the blobs that a transaction carries, or computes what they lack; one without blobs stays as
 * it is. `check` does everything that is cheap, on a stand-in, before the work begins.
 * @throws Failure of `check`, `transaction.refused` and those of {@link Kzg.run}
 */
export async function withBlobs(
  args: TransactionArgs,
  { caller, gone }: Asking,
  { kzg, callers, queue, blobComputeMax }: BlobParts,
  check: (args: TransactionArgs) => void,
): Promise<TransactionArgs> {
  if (args.blob?.sidecar === undefined) return args;
  const { blob } = args;
  const { version, blobs, proven } = args.blob.sidecar;
  callers.check(caller);
  const hashes = blob.hashes ?? blobs.map(() => unknownHash);
  check({ ...args, blob: { ...blob, hashes, sidecar: undefined } });
  if (proven === undefined && blobs.length > blobComputeMax) {
    throw new Failure(
      "transaction.refused",
      `expected commitments and proofs, they are computed for at most ${blobComputeMax} blobs`,
      { hint: 'set "blob_compute_max" in cleft.toml' },
    );
  }
  const name = nameOf(caller.identity);
  // Who is told to come back later hasn't used up its rate.
  kzg.checkRoom(name);
  callers.blobWork(caller, queue.decider);
  const job = { version, blobs, proven, hashes: blob.hashes };
  const result = await kzg.run(job, { caller: name, gone });
  assert.equal(result.hashes.length, blobs.length, "a hash for each blob");
  const { commitments, proofs } = result;
  const sidecar = { version, blobs, proven: { commitments, proofs } };
  return { ...args, blob: { ...blob, hashes: result.hashes, sidecar } };
}
