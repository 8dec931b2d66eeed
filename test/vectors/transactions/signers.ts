import { pbkdf2Sync } from "node:crypto";
import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { fromRlp } from "viem";
import { HDKey } from "viem/accounts";
import { addressOfPublicKey, checksummed } from "../../../packages/signer/src/domain/address.ts";
import { preimageOf } from "../../../packages/signer/src/signable/kinds.ts";
import {
  curve,
  hexBytes,
  judgeSigned,
  judgeSigner,
  parseVector,
  quantity,
  signPreimage,
  type VectorTransaction,
  word,
} from "../signing.ts";
import { type Case, readVectors, same, type VectorFile, type Verdict } from "../tally.ts";
import { type Eip155, eip155Case } from "./raw.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A transaction with the signature that another implementation made. */
interface Signed {
  readonly type: 0 | 1 | 2;
  readonly fields: Fields;
  readonly sender: string;
  readonly key?: string | undefined;
}

interface Ethereumjs {
  readonly eip1559Data: readonly Fields[];
  readonly eip1559TxsData: readonly { privateKey: string; sendersAddress: string; data: Fields }[];
  readonly eip2930TxsData: readonly { privateKey: string; sendersAddress: string; data: Fields }[];
  readonly txsData: readonly { privateKey: string; sendersAddress: string; data: Fields }[];
  readonly rpcTxData: Fields;
  readonly v0txData: Fields;
  readonly optimismTxData: Fields;
  readonly eip2930blockRLPData: Fields;
  readonly transactionTestEip155VitalikTestsData: readonly Eip155[];
}

/** Records whose signature isn't by their key; ethers finds the same strangers. */
const mixed: readonly string[] = ["typed 1559 0", "typed 2930 0", "legacy 1"];

export const ethereumjs: VectorFile = {
  file: "transactions/ethereumjs-tx-testdata.json",
  passesMin: 23,
  cases: () => {
    const all = readVectors<Ethereumjs>("transactions/ethereumjs-tx-testdata.json");
    const named = (name: string, run: () => Verdict): Case => ({ name, run });
    const set = (name: string, type: 0 | 1 | 2, records: Ethereumjs["txsData"]) =>
      records.map(({ privateKey, sendersAddress, data }, at) =>
        named(`${name} ${at}`, () => {
          if (mixed.includes(`${name} ${at}`)) return { refused: "mixed record" };
          if (privateKey === "not-available") return { refused: "no expectation" };
          return judgeFields({
            type,
            fields: data,
            sender: `0x${sendersAddress}`,
            key: privateKey,
          });
        }),
      );
    const rpc = (name: string, fields: Fields) =>
      named(name, () => judgeFields({ type: 2, fields, sender: String(fields["from"]) }));
    return [
      ...all.eip1559Data.map((fields, at) => named(`1559 ${at}`, () => judgeEnvelope(fields))),
      ...set("typed 1559", 2, all.eip1559TxsData),
      ...set("typed 2930", 1, all.eip2930TxsData),
      ...set("legacy", 0, all.txsData),
      rpc("rpc", all.rpcTxData),
      rpc("rpc, v 0", all.v0txData),
      named("optimism", () => ({ refused: "foreign chain" })),
      named("block", () => ({ refused: "reads raw bytes" })),
      ...all.transactionTestEip155VitalikTestsData.map(eip155Case),
    ];
  },
};

/** Signed bytes that are wrapped in an RLP string, as a block holds them. */
function judgeEnvelope(fields: Fields): Verdict {
  const wrapped: Hex = `0x${String(fields["signedTransactionRLP"]).slice(2)}`;
  const tx = { ...gasOf(fields), type: 2, chainId: 4 } as const;
  return judgeSigned(String(fields["privateKey"]), tx, String(fromRlp(wrapped, "hex")));
}

function gasOf(fields: Fields): Omit<VectorTransaction, "type" | "chainId"> {
  return { ...fields, gas: fields["gas"] ?? fields["gasLimit"], data: dataOf(fields) };
}

function dataOf({ data, input }: Fields): string {
  return String(data ?? input ?? "0x");
}

/** With a key the signature has to be the same; without one the signer has to be found. */
function judgeFields({ type, fields, sender, key }: Signed): Verdict {
  const v = BigInt(quantity(fields["v"]));
  if (type === 0 && (v === 27n || v === 28n)) return { refused: "unprotected" };
  const chainId = type === 0 ? (v - 35n) / 2n : fields["chainId"];
  const tx = { ...gasOf(fields), type, chainId };
  const yParity = (type === 0 ? (v + 1n) % 2n : v) === 0n ? 0 : 1;
  const signature = { r: word(fields["r"]), s: word(fields["s"]), yParity } as const;
  const hash = fields["hash"] === undefined ? undefined : String(fields["hash"]);
  const verdict = judgeSigner({ tx, signature, sender, hash });
  if (verdict !== "pass" || key === undefined) return verdict;
  const own = signPreimage(hexBytes(key), preimageOf(parseVector(tx, sender)));
  return same(JSON.stringify(own), JSON.stringify(signature));
}

interface Trezor {
  readonly setup: { readonly mnemonic: string; readonly passphrase: string };
  readonly tests: readonly {
    readonly name: string;
    readonly parameters: Readonly<Record<string, unknown>> & { readonly path: string };
    readonly result: { readonly sig_v: number; readonly sig_r: string; readonly sig_s: string };
  }[];
}

/** Trezor's own tests: the key is derived from a public mnemonic. */
export const trezorFiles: readonly VectorFile[] = [
  ["sign_tx_eip1559", 8],
  ["sign_tx_erc20", 19],
  ["sign_tx_error", 0],
  ["sign_tx_staking", 8],
  ["sign_tx_staking_data_error", 0],
  ["sign_tx_staking_eip1559", 6],
].map(([name, passesMin]) => ({
  file: `transactions/trezor-${name}.json`,
  passesMin: Number(passesMin),
  cases: () => trezorCases(readVectors(`transactions/trezor-${name}.json`)),
}));

function trezorCases({ setup, tests }: Trezor): Case[] {
  const salt = `mnemonic${setup.passphrase}`;
  const root = HDKey.fromMasterSeed(pbkdf2Sync(setup.mnemonic, salt, 2048, 64, "sha512"));
  return tests.map(({ name, parameters, result }) => ({
    name,
    run: () => {
      if (result.sig_r === "0x0") return { refused: "rule of Trezor" };
      const key = root.derive(parameters.path).privateKey;
      return key === null ? { wrong: "no key" } : judgeTrezor(key, parameters, result);
    },
  }));
}

function judgeTrezor(
  key: Uint8Array,
  parameters: Fields,
  { sig_v, sig_r, sig_s }: Trezor["tests"][number]["result"],
): Verdict {
  const type = parameters["max_gas_fee"] === undefined ? 0 : 2;
  const tx = {
    type,
    chainId: parameters["chain_id"],
    nonce: parameters["nonce"],
    gas: parameters["gas_limit"],
    gasPrice: parameters["gas_price"],
    maxFeePerGas: parameters["max_gas_fee"],
    maxPriorityFeePerGas: parameters["max_priority_fee"],
    to: parameters["to_address"] === "" ? undefined : String(parameters["to_address"]),
    value: parameters["value"],
    data: `0x${String(parameters["data"]).replace(/^0x/, "")}`,
  } as const;
  const signing = parseVector(tx, curve.accountOf(key) ?? "");
  const { r, s, yParity } = signPreimage(key, preimageOf(signing));
  const v = type === 0 ? 35n + 2n * BigInt(quantity(tx.chainId)) + BigInt(yParity) : yParity;
  const expected = [word(`0x${sig_r}`), word(`0x${sig_s}`), String(sig_v)];
  return same([r, s, String(v)].join(), expected.join());
}

type Bytes = string | { readonly $bytes: string };

interface Web3js {
  readonly invalidPrivateKeyToAddressData: readonly (readonly [Bytes])[];
  readonly invalidPrivateKeytoAccountData: readonly (readonly [Bytes])[];
  readonly validPrivateKeyToAddressData: readonly (readonly [Bytes, string])[];
  readonly validPrivateKeyToPublicKeyData: readonly (readonly [Bytes, boolean, string])[];
  readonly validPrivateKeytoAccountData: readonly (readonly [
    { readonly address: Bytes },
    { readonly address: string },
  ])[];
  readonly transactionsTestData: readonly unknown[];
}

/** Keys and accounts; its messages are judged in messages.ts. */
export const web3js: VectorFile = {
  file: "transactions/web3js-sign-recover.json (keys)",
  passesMin: 13,
  cases: () => {
    const all = readVectors<Web3js>("transactions/web3js-sign-recover.json");
    const invalid = [...all.invalidPrivateKeyToAddressData, ...all.invalidPrivateKeytoAccountData];
    const addresses = [
      ...all.validPrivateKeyToAddressData,
      ...all.validPrivateKeytoAccountData.map(([input, { address }]) => [input.address, address]),
    ] as const;
    return [
      ...invalid.map(([key], at) => ({
        name: `invalid ${at}`,
        run: () => same(accountOf(key), undefined),
      })),
      ...addresses.map(([key = "", address], at) => ({
        name: `address ${at}`,
        run: () => same(accountOf(key), String(address)),
      })),
      ...all.validPrivateKeyToPublicKeyData.map(([key, compressed, publicKey], at) => ({
        name: `public key ${at}`,
        run: () => judgePublicKey(key, compressed ? undefined : publicKey),
      })),
      ...all.transactionsTestData.map((_, at) => ({
        name: `transaction ${at}`,
        run: () => ({ refused: "no expectation" }) as const,
      })),
    ];
  },
};

function bytesOf(key: Bytes): Uint8Array {
  return hexBytes(typeof key === "string" ? key : key.$bytes);
}

function accountOf(key: Bytes): string | undefined {
  const account = curve.accountOf(bytesOf(key));
  return account === undefined ? undefined : checksummed(account);
}

/** The product has no public keys but what an address is made of; the half one has no address. */
function judgePublicKey(key: Bytes, publicKey: string | undefined): Verdict {
  if (publicKey === undefined) return { refused: "API of web3" };
  const whole = hexBytes(`04${publicKey.slice(2)}`);
  return same(curve.accountOf(bytesOf(key)), toHex(hexBytes(addressOfPublicKey(whole))));
}
