import { parseJson } from "@cleft/protocol/json.ts";
import { Signature, Transaction, type TransactionLike, Wallet } from "ethers";
import fc from "fast-check";
import { type Hex, keccak256, type TransactionSerializable, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { parseChainId } from "../packages/signer/src/domain/quantity.ts";
import { parseSigning, preimageOf, resultOf } from "../packages/signer/src/signable/kinds.ts";
import { parseTransactionArgs } from "../packages/signer/src/signable/transaction-args.ts";
import { loadCurve } from "../packages/signer/src/vault/curve.ts";
import { signByOx } from "./support/ox.ts";

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((b): Hex => `0x${Buffer.from(b).toString("hex")}`);
const quantity = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });

/**
 * Any transaction that all four accept: viem and ox refuse a tip above the cap, others a fee over
 * 2^256. The v of a legacy transaction is a float to ox, and wrong where it doesn't fit into one.
 */
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
    maxFeePerBlobGas: quantity(128),
    hashes: fc.array(
      hex(31).map((rest): Hex => `0x01${rest.slice(2)}`),
      { minLength: 1, maxLength: 6 },
    ),
    authorizations: fc.array(
      fc.record({
        chainId: fc.integer({ min: 0, max: 2 ** 31 }),
        address: hex(20),
        nonce: fc.integer({ min: 0, max: 2 ** 31 }),
        yParity: fc.constantFrom(0, 1),
        r: fc.bigInt({ min: 1n, max: 2n ** 255n }).map((n): Hex => toHex(n, { size: 32 })),
        s: fc.bigInt({ min: 1n, max: 2n ** 254n }).map((n): Hex => toHex(n, { size: 32 })),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ fees: [one, other], ...tx }) => ({
    ...tx,
    maxPriorityFeePerGas: one < other ? one : other,
    maxFeePerGas: one < other ? other : one,
  }));

type Drawn = typeof transaction extends fc.Arbitrary<infer T> ? T : never;

const curve = await loadCurve();
const types = { legacy: 0, eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4 } as const;

/** The fields that a type has, under the names of Cleft's wire. */
function fieldsOf(type: keyof typeof types, { key: _key, ...tx }: Drawn) {
  const { maxFeePerGas, maxPriorityFeePerGas, accessList, authorizations, ...others } = tx;
  const { maxFeePerBlobGas, hashes: blobVersionedHashes, ...common } = others;
  const payment = { ...common, ...(tx.to === undefined ? {} : { to: tx.to }) };
  // These two can't create a contract.
  const to = tx.to ?? `0x${"00".repeat(20)}`;
  switch (type) {
    case "legacy":
      return { ...payment, gasPrice: maxFeePerGas };
    case "eip2930":
      return { ...payment, gasPrice: maxFeePerGas, accessList };
    case "eip1559":
      return { ...payment, maxFeePerGas, maxPriorityFeePerGas, accessList };
    case "eip4844": {
      const blobs = { maxFeePerBlobGas, blobVersionedHashes };
      return { ...payment, to, maxFeePerGas, maxPriorityFeePerGas, accessList, ...blobs };
    }
    case "eip7702": {
      const authorizationList = authorizations;
      return { ...payment, to, maxFeePerGas, maxPriorityFeePerGas, accessList, authorizationList };
    }
  }
}

/** As ethers has it: the signature is an object of its own. */
function authorizationsOf(fields: ReturnType<typeof fieldsOf>) {
  if (!("authorizationList" in fields)) return {};
  const authorizationList = fields.authorizationList.map(({ r, s, yParity, ...rest }) => ({
    ...{ ...rest, chainId: BigInt(rest.chainId), nonce: BigInt(rest.nonce) },
    signature: Signature.from({ r, s, v: 27 + yParity }),
  }));
  return { authorizationList };
}

/** What Cleft signs, from the wire form to the envelope. */
function signByCleft(type: keyof typeof types, tx: Drawn, from: string): string {
  const { data, ...fields } = fieldsOf(type, tx);
  const wire = { from, ...fields, input: data };
  const json = JSON.stringify(wire, (_, value) =>
    typeof value === "bigint" || typeof value === "number" ? `0x${value.toString(16)}` : value,
  );
  const args = parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 }));
  const chainId = parseChainId(tx.chainId);
  if (chainId === undefined) throw new Error("no chain");
  const signing = parseSigning(args, chainId);
  const digest = Buffer.from(keccak256(preimageOf(signing)).slice(2), "hex");
  const key = Buffer.from(tx.key.toString(16).padStart(64, "0"), "hex");
  return resultOf(signing, curve.sign(key, digest)).raw;
}

test.each(["eip7702", "eip4844", "eip1559", "eip2930", "legacy"] as const)(
  "a random %s transaction gives the bytes that viem, ethers and ox sign",
  async (type) => {
    await fc.assert(
      fc.asyncProperty(transaction, async (tx) => {
        const key: Hex = `0x${tx.key.toString(16).padStart(64, "0")}`;
        const account = privateKeyToAccount(key);
        const fields = fieldsOf(type, tx);
        const numbers = { chainId: Number(tx.chainId), nonce: Number(tx.nonce) };
        const byViem = await account.signTransaction({
          ...fields,
          ...numbers,
          type,
        } as TransactionSerializable);
        const authorizationList = authorizationsOf(fields);
        const unsigned = Transaction.from({
          ...fields,
          ...authorizationList,
          type: types[type],
          to: fields.to ?? null,
          gasLimit: tx.gas,
          nonce: numbers.nonce,
        } as TransactionLike);
        const { r, s, yParity } = new Wallet(key).signingKey.sign(unsigned.unsignedHash);
        unsigned.signature = { r, s, yParity };
        const byCleft = signByCleft(type, tx, account.address);
        expect(byCleft).toBe(byViem);
        expect(byCleft).toBe(unsigned.serialized);
        const isExactInOx = type !== "legacy" || tx.chainId < 2n ** 52n - 31n;
        if (isExactInOx) expect(byCleft).toBe(signByOx(type, fields, key));
      }),
      { numRuns: process.env["CLEFT_TESTS"] === "slow" ? 20_000 : 300 },
    );
  },
);
