import { parseJson } from "@cleft/protocol/json.ts";
import { Transaction, Wallet } from "ethers";
import fc from "fast-check";
import { type Hex, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { parseChainId } from "../packages/signer/src/domain/quantity.ts";
import { parseSigning, preimageOf, resultOf } from "../packages/signer/src/signable/kinds.ts";
import { parseTransactionArgs } from "../packages/signer/src/signable/transaction-args.ts";
import { loadCurve } from "../packages/signer/src/vault/curve.ts";

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((b): Hex => `0x${Buffer.from(b).toString("hex")}`);
const quantity = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });

/** Any type 2 transaction that all three accept: viem refuses a tip above the cap, others a fee over 2^256. */
const transaction = fc
  .record({
    key: fc.bigInt({ min: 1n, max: 2n ** 255n }),
    chainId: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
    nonce: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
    fees: fc.tuple(quantity(128), quantity(128)),
    gas: quantity(64),
    to: fc.option(hex(20), { nil: undefined }),
    value: quantity(256),
    data: fc.uint8Array({ maxLength: 300 }).map((b): Hex => `0x${Buffer.from(b).toString("hex")}`),
    accessList: fc.array(
      fc.record({ address: hex(20), storageKeys: fc.array(hex(32), { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
  })
  .map(({ fees: [one, other], ...tx }) => ({
    ...tx,
    maxPriorityFeePerGas: one < other ? one : other,
    maxFeePerGas: one < other ? other : one,
  }));

type Drawn = typeof transaction extends fc.Arbitrary<infer T> ? T : never;

const curve = await loadCurve();

/** What Cleft signs, from the wire form to the envelope. */
function signByCleft(tx: Drawn, from: string): string {
  const wire = {
    from,
    ...(tx.to === undefined ? {} : { to: tx.to }),
    ...Object.fromEntries(
      (["chainId", "nonce", "gas", "value", "maxFeePerGas", "maxPriorityFeePerGas"] as const).map(
        (name) => [name, `0x${tx[name].toString(16)}`],
      ),
    ),
    input: tx.data,
    accessList: tx.accessList,
  };
  const args = parseTransactionArgs(parseJson(JSON.stringify(wire), { depthMax: 10 }));
  const chainId = parseChainId(tx.chainId);
  if (chainId === undefined) throw new Error("no chain");
  const signing = parseSigning(args, chainId);
  const digest = Buffer.from(keccak256(preimageOf(signing)).slice(2), "hex");
  const key = Buffer.from(tx.key.toString(16).padStart(64, "0"), "hex");
  return resultOf(signing, curve.sign(key, digest)).raw;
}

test("a random type 2 transaction gives the bytes that viem and ethers sign", async () => {
  await fc.assert(
    fc.asyncProperty(transaction, async (tx) => {
      const key: Hex = `0x${tx.key.toString(16).padStart(64, "0")}`;
      const account = privateKeyToAccount(key);
      const { key: _key, to, ...fields } = tx;
      const byViem = await account.signTransaction({
        ...fields,
        type: "eip1559",
        chainId: Number(tx.chainId),
        nonce: Number(tx.nonce),
        ...(to === undefined ? {} : { to }),
      });
      const unsigned = Transaction.from({
        ...fields,
        type: 2,
        to: to ?? null,
        gasLimit: tx.gas,
        nonce: Number(tx.nonce),
      });
      const { r, s, yParity } = new Wallet(key).signingKey.sign(unsigned.unsignedHash);
      unsigned.signature = { r, s, yParity };
      const byCleft = signByCleft(tx, account.address);
      expect(byCleft).toBe(byViem);
      expect(byCleft).toBe(unsigned.serialized);
    }),
    { numRuns: process.env["CLEFT_TESTS"] === "slow" ? 20_000 : 300 },
  );
});
