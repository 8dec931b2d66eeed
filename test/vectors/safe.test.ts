import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { hashOf } from "../../packages/signer/src/domain/hash.ts";
import { parseSafeTxArgs } from "../../packages/signer/src/signable/safe-args.ts";
import { refuseMismatch, toSafeTx } from "../../packages/signer/src/signable/safe-tx.ts";
import {
  parseTypedData,
  typedDataPreimage,
} from "../../packages/signer/src/signable/typed-data/typed-data.ts";
import { parseValidatorData, validatorForm } from "../../packages/signer/src/signable/validator.ts";
import { hasShared } from "../support/shared.ts";
import { attempt, type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";
import { account, jsonOf, type Typed } from "./typed-data/wire.ts";

interface Safes {
  readonly gnosisTypedData: Typed;
  readonly gnosisTypedDataWithChainId: Typed;
  readonly gnosisTx: { readonly safeTxHash: string };
  readonly gnosisTxWithChainId: { readonly safeTxHash: string };
  readonly gnosisTxIssue26650: object;
}

/** Whether the fields have the hash, and with one digit changed have it not. */
function judgeTx(tx: object): Verdict {
  const verdictOf = (changes: object) =>
    attempt(() => {
      const args = parseSafeTxArgs(account, jsonOf({ ...tx, ...changes }), undefined);
      refuseMismatch(toSafeTx(args, [1n, 4n]));
      return args;
    });
  const args = verdictOf({});
  if (args instanceof Failure) return { wrong: args.message };
  const changed = verdictOf({ nonce: Number(args.nonce) + 1 });
  return changed instanceof Failure ? "pass" : { wrong: "another nonce has the same hash" };
}

function safeCases(): Case[] {
  const all = readVectors<Safes>("safe/geth-gnosis-safe.json");
  const typed = (data: Typed, hash: string) => () => {
    const digest = hashOf(typedDataPreimage(parseTypedData(account, jsonOf(data))));
    return same(digest, hash);
  };
  return [
    { name: "typed", run: typed(all.gnosisTypedData, all.gnosisTx.safeTxHash) },
    {
      name: "typed, with a chain",
      run: typed(all.gnosisTypedDataWithChainId, all.gnosisTxWithChainId.safeTxHash),
    },
    { name: "tx", run: () => judgeTx(all.gnosisTx) },
    { name: "tx with a chain", run: () => judgeTx(all.gnosisTxWithChainId) },
    { name: "issue 26650", run: () => judgeTx(all.gnosisTxIssue26650) },
  ];
}

interface Validator {
  readonly validator: string;
  readonly data: string;
  readonly preimage?: string;
  readonly hash?: string;
}

function judgeValidator({ validator, data, preimage, hash }: Validator): Verdict {
  const parsed = attempt(() =>
    parseValidatorData(account, jsonOf({ address: validator, message: data })),
  );
  if (parsed instanceof Failure) {
    if (preimage === undefined) return "pass";
    return data === "0x" ? { refused: "nothing to sign" } : { wrong: parsed.message };
  }
  const form = validatorForm(parsed).preimage;
  const text = `0x${Buffer.from(form).toString("hex")} ${hashOf(form)}`;
  return same(text, `${preimage} ${hash}`);
}

testVectors(
  [
    { file: "safe/geth-gnosis-safe.json", passesMin: 5, cases: safeCases },
    {
      file: "messages/eip191-intended-validator.json",
      passesMin: 6,
      cases: () =>
        readVectors<Validator[]>("messages/eip191-intended-validator.json").map((vector) => ({
          name: `${vector.validator} ${vector.data}`,
          run: () => judgeValidator(vector),
        })),
    },
  ],
  { skip: !hasShared },
);
