import { parseJson } from "@cleft/protocol/json.ts";
import { keccak256, recoverTransactionAddress, serializeTransaction } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { parseChainId } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import { type FeeMarket, feeMarket } from "./fee-market.ts";
import { parseTransactionArgs } from "./transaction-args.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x000000000000000000000000000000000000dEaD";
const slot = `0x${"0".repeat(64)}` as const;
const base = {
  ...{ from, to, gas: "0x5208", nonce: "0x0", value: "0x0" },
  ...{ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x1" },
};

function parse(changes: object = {}): FeeMarket {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const json = JSON.stringify({ ...base, ...changes });
  return feeMarket.parse(
    parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 })),
    chainId,
  );
}

const signature: Signature = {
  r: `0x00${"ab".repeat(31)}`,
  s: `0x${"00".repeat(31)}07`,
  yParity: 1,
};

test("feeMarket.parse() takes the configured chain, whatever the caller wrote", () => {
  expect(parse({ chainId: "0x5" }).chainId).toBe(1n);
});

test("feeMarket.parse() fills in nothing but an empty value, calldata, list and tip", () => {
  const absent = { value: undefined, maxPriorityFeePerGas: null };
  expect(parse(absent)).toEqual({
    ...{ tag: "fee-market", chainId: 1n, nonce: 0n, gas: 21000n, to: to.toLowerCase(), value: 0n },
    ...{ maxFeePerGas: 2n, maxPriorityFeePerGas: 0n, data: "0x", accessList: [] },
  });
});

test.each([
  ["a plain transfer", {}],
  ["a creation", { to: null, data: "0x00" }],
  ["one zero byte of calldata", { data: "0x00" }],
  ["a byte that is its own encoding", { data: "0x7f" }],
  ["a byte that is not", { data: "0x80" }],
  ["55 bytes", { data: `0x${"00".repeat(55)}` }],
  ["56 bytes", { data: `0x${"00".repeat(56)}` }],
  ["64 KiB", { data: `0x${"5a".repeat(65_536)}` }],
  ["the zero address", { to: `0x${"0".repeat(40)}` }],
  ["the largest value", { value: `0x${"f".repeat(64)}` }],
  ["a nonce of 2^53 - 1", { nonce: "0x1fffffffffffff" }],
  ["gas of 2^64 - 1", { gas: "0xffffffffffffffff" }],
  ["an access list", { accessList: [{ address: to, storageKeys: [slot, slot] }] }],
  ["an entry without keys", { accessList: [{ address: to, storageKeys: [] }] }],
])("feeMarket.preimage() encodes %s as viem does", (_name, changes) => {
  const tx = parse(changes);
  const encoded = serializeTransaction({
    ...tx,
    type: "eip1559",
    chainId: Number(tx.chainId),
    nonce: Number(tx.nonce),
    to: tx.to === "create" ? null : tx.to,
  });
  expect(`0x${Buffer.from(feeMarket.preimage(tx)).toString("hex")}`).toBe(encoded);
});

test("feeMarket.preimage() keeps a nonce of 2^53 + 1 apart from 2^53", () => {
  const hex = (nonce: string) => Buffer.from(feeMarket.preimage(parse({ nonce }))).toString("hex");
  expect(hex("0x20000000000001")).toContain("8720000000000001");
  expect(hex("0x20000000000000")).toContain("8720000000000000");
});

test("feeMarket.result() writes Clef's keys in Clef's order", () => {
  const { tx } = feeMarket.result(parse(), signature);
  expect(Object.keys(tx).join()).toBe(
    "type,chainId,nonce,to,gas,gasPrice,maxPriorityFeePerGas,maxFeePerGas,value,input,accessList," +
      "v,r,s,yParity,hash",
  );
  expect(tx).toMatchObject({ type: "0x2", gasPrice: null, accessList: [], input: "0x" });
});

test("feeMarket.result() strips leading zeros of r and s in envelope and fields", () => {
  const tx = parse();
  const { raw, tx: wire } = feeMarket.result(tx, signature);
  expect(wire).toMatchObject({ r: `0x${"ab".repeat(31)}`, s: "0x7", v: "0x1", yParity: "0x1" });
  expect(raw.endsWith(`019f${"ab".repeat(31)}07`)).toBe(true);
  expect(wire.hash).toBe(keccak256(raw));
});

test("feeMarket.result() writes parity 0 as 0x0 and a creation's recipient as null", () => {
  const { tx } = feeMarket.result(parse({ to: null }), { ...signature, yParity: 0 });
  expect(tx).toMatchObject({ v: "0x0", yParity: "0x0", to: null });
});

test("feeMarket.result() gives an envelope from which viem recovers the signer", async () => {
  const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const tx = parse({ accessList: [{ address: to, storageKeys: [slot] }] });
  const signed = await account.sign({ hash: keccak256(feeMarket.preimage(tx)) });
  const { raw } = feeMarket.result(tx, {
    r: `0x${signed.slice(2, 66)}`,
    s: `0x${signed.slice(66, 130)}`,
    yParity: signed.endsWith("1b") ? 0 : 1,
  });
  expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(
    account.address,
  );
});
