import type { Hex } from "@cleft/protocol/hex.ts";
import { fromRlp } from "viem";
import { Failure } from "../../../packages/signer/src/domain/failure.ts";
import { judgeSigner, quantity, type SignedElsewhere, word } from "../signing.ts";
import { attempt, type Case, readVectors, type VectorFile, type Verdict } from "../tally.ts";

type Rlp = Hex | readonly Rlp[];

/** Files of raw signed transactions: taken apart here, their fields are asked for anew. */
export const rawFiles: readonly VectorFile[] = [
  {
    file: "transactions/eip155-vectors.json",
    passesMin: 10,
    cases: () => readVectors<Eip155[]>("transactions/eip155-vectors.json").map(eip155Case),
  },
  {
    file: "transactions/ethereum-tests-transaction.json",
    passesMin: 14,
    cases: () => readVectors<Raw[]>("transactions/ethereum-tests-transaction.json").map(rawCase),
  },
];

/** Its hash is the one that was signed. */
export interface Eip155 {
  readonly hash: string;
  readonly rlp: Hex;
  readonly sender: string;
}

export function eip155Case({ rlp, hash, sender }: Eip155): Case {
  const run = () => judgeRaw(rlp, { digest: `0x${hash}`, sender: `0x${sender}` });
  return { name: hash.slice(0, 8), run };
}

interface Outcome {
  readonly hash?: string;
  readonly sender?: string;
  readonly exception?: string;
}

interface Raw {
  readonly name: string;
  readonly txbytes: Hex;
  readonly result: Readonly<Record<string, Outcome>>;
}

function rawCase({ name, txbytes, result }: Raw): Case {
  const { hash, sender, exception } =
    result["Prague"] ?? result["Cancun"] ?? Object.values(result).at(-1) ?? {};
  if (exception === undefined) {
    return { name, run: () => judgeRaw(txbytes, { hash, sender: sender ?? "" }) };
  }
  return { name, run: () => judgeInvalid(txbytes, exception) };
}

/** A valid envelope: the same fields give the same preimage, and with its signature the same bytes. */
function judgeRaw(
  raw: Hex,
  expected: Pick<SignedElsewhere, "hash" | "digest" | "sender">,
): Verdict {
  const taken = takeApart(raw, expected.sender);
  if (taken === "unprotected") return { refused: "unprotected" };
  if (taken === undefined) return { wrong: "it can't be taken apart" };
  return judgeSigner({ ...taken, ...expected, raw });
}

/** Faults in a field that a caller writes; the parser has to refuse them. */
const fieldFaults = /ADDRESS_TOO|_OVERFLOW|ACCESS_LIST|INVALID_TO|INVALID_DATA|RLP_INVALID_NONCE/;

/** Well-formed fields that the chain's rules refuse. */
const chainRules = /INTRINSIC_GAS|PRODUCT_OVERFLOW|INITCODE/;

function judgeInvalid(raw: Hex, exception: string): Verdict {
  if (chainRules.test(exception)) return { refused: "rule of the chain" };
  if (exception.endsWith("INVALID_CHAINID")) return { refused: "another chain" };
  const taken = takeApart(raw, `0x${"11".repeat(20)}`);
  if (taken === undefined || taken === "unprotected" || !fieldFaults.test(exception)) {
    return { refused: "reads raw bytes" };
  }
  const outcome = attempt(() => judgeSigner(taken));
  return outcome instanceof Failure ? "pass" : { wrong: `${exception} was accepted` };
}

/** The fields of an envelope, by viem's RLP; undefined if it is none of type 0, 1 or 2. */
function takeApart(raw: Hex, sender: string): SignedElsewhere | "unprotected" | undefined {
  const type = Number.parseInt(raw.slice(2, 4), 16);
  const fields = readRlp(type === 1 || type === 2 ? `0x${raw.slice(4)}` : raw);
  if (!Array.isArray(fields)) return undefined;
  if (type >= 0xc0) return legacyOf(fields, sender);
  return type === 1 || type === 2 ? typedOf(type, fields, sender) : undefined;
}

function readRlp(bytes: Hex): Rlp | undefined {
  try {
    return fromRlp(bytes, "hex");
  } catch {
    return undefined;
  }
}

function legacyOf(fields: readonly Rlp[], sender: string): ReturnType<typeof takeApart> {
  if (fields.length !== 9 || !fields.every(isHex)) return undefined;
  const [nonce, gasPrice, gas, to, value, data, v = "0x", r, s] = fields;
  const number = BigInt(quantity(v));
  if (number === 27n || number === 28n) return "unprotected";
  const chainId = (number - 35n) / 2n;
  const yParity = number % 2n === 1n ? 0 : 1;
  const common = { chainId, nonce, gas, to: recipient(to), value, data };
  return {
    tx: { type: 0, ...common, gasPrice },
    signature: { r: word(r), s: word(s), yParity },
    sender,
  };
}

function typedOf(
  type: 1 | 2,
  fields: readonly Rlp[],
  sender: string,
): ReturnType<typeof takeApart> {
  const prices = type === 1 ? 1 : 2;
  const [chainId, nonce] = fields;
  const [gas, to, value, data, list, v, r, s] = fields.slice(2 + prices);
  const accessList = accessListOf(list);
  if (accessList === undefined || !isHex(to) || !isHex(data) || !isHex(s)) return undefined;
  const common = { chainId, nonce, gas, to: recipient(to), value, data, accessList };
  const signature = {
    r: word(r),
    s: word(s),
    yParity: BigInt(quantity(v)) === 0n ? 0 : 1,
  } as const;
  return type === 1
    ? { tx: { type, ...common, gasPrice: fields[2] }, signature, sender }
    : {
        tx: { type, ...common, maxPriorityFeePerGas: fields[2], maxFeePerGas: fields[3] },
        signature,
        sender,
      };
}

function accessListOf(list: Rlp | undefined): unknown[] | undefined {
  if (list === undefined || isHex(list)) return undefined;
  return list.map((tuple) => {
    const [address, storageKeys] = isHex(tuple) ? [] : tuple;
    return { address, storageKeys };
  });
}

function recipient(to: Rlp | undefined): string | undefined {
  return to === "0x" || to === undefined || !isHex(to) ? undefined : to;
}

function isHex(rlp: Rlp | undefined): rlp is Hex {
  return typeof rlp === "string";
}
