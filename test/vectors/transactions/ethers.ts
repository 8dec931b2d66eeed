import { judgeSigned, type VectorTransaction } from "../signing.ts";
import { type Case, readVectors, type VectorFile, type Verdict } from "../tally.ts";

/** Three files of ethers: a key, a transaction, and the exact signed bytes of each form. */
export const ethersFiles: readonly VectorFile[] = [
  {
    file: "transactions/ethers-v6-transactions.json",
    passesMin: 1112,
    cases: () =>
      readVectors<Version6[]>("transactions/ethers-v6-transactions.json").flatMap(formsOf),
  },
  {
    file: "transactions/ethers-v5-typed-transactions.json",
    passesMin: 391,
    cases: () =>
      readVectors<Typed[]>("transactions/ethers-v5-typed-transactions.json").map(typedCase),
  },
  {
    file: "transactions/ethers-v5-legacy-transactions.json",
    passesMin: 465,
    cases: () =>
      readVectors<Legacy[]>("transactions/ethers-v5-legacy-transactions.json").flatMap(legacyCases),
  },
];

interface Version6 {
  readonly name: string;
  readonly privateKey: string;
  readonly transaction: Record<string, unknown>;
  readonly [signed: `signed${string}`]: string;
}

/** One record is five transactions, one of each type. */
function formsOf(record: Version6): readonly Case[] {
  const { name, privateKey, transaction } = record;
  const form = (label: string, judge: (signed: string) => Verdict): Case => ({
    name: `${name} ${label}`,
    run: () => {
      const signed = record[`signed${label}`];
      return signed === undefined || signed === "" ? { refused: "no such form" } : judge(signed);
    },
  });
  const sign = (type: 0 | 1 | 2 | 3) => (signed: string) =>
    judgeSigned(privateKey, { ...fromEthers(transaction), type }, signed);
  return [
    form("Legacy", () => ({ refused: "unprotected" })),
    form("Eip155", sign(0)),
    form("Berlin", sign(1)),
    form("London", sign(2)),
    form("Cancun", sign(3)),
  ];
}

/** ethers says gasLimit where the wire says gas. */
function fromEthers({ gasLimit, chainId, ...rest }: Record<string, unknown>) {
  return { ...rest, chainId: chainId ?? 0, gas: gasLimit } satisfies Omit<
    VectorTransaction,
    "type"
  >;
}

interface Typed {
  readonly name: string;
  readonly key: string;
  readonly signed: string;
  readonly tx: Record<string, unknown> & { readonly type: 1 | 2 };
}

function typedCase({ name, key, signed, tx }: Typed): Case {
  return { name, run: () => judgeSigned(key, { ...fromEthers(tx), type: tx.type }, signed) };
}

interface Legacy extends Record<string, unknown> {
  readonly name: string;
  readonly privateKey: string;
  readonly signedTransactionChainId5: string;
}

function legacyCases(record: Legacy): readonly Case[] {
  const { name, privateKey, signedTransactionChainId5, ...tx } = record;
  const onFive = { ...fromEthers({ ...tx, chainId: 5 }), type: 0 } as const;
  return [
    { name: `${name} without a chain`, run: () => ({ refused: "unprotected" }) },
    { name, run: () => judgeSigned(privateKey, onFive, signedTransactionChainId5) },
  ];
}
