import { keccak256, toUtf8Bytes } from "ethers";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { hashOf } from "../../packages/signer/src/domain/hash.ts";
import {
  parseTypedData,
  type TypedData,
  typedDataPreimage,
} from "../../packages/signer/src/signable/typed-data/typed-data.ts";
import { definitionOf, parseTypes } from "../../packages/signer/src/signable/typed-data/types.ts";
import { hasShared } from "../support/shared.ts";
import type { VectorClass } from "./classes.ts";
import { flat, hexBytes, signPreimage } from "./signing.ts";
import { attempt, type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";
import { account, bytesOf, jsonOf, type Typed, withDomainType } from "./typed-data/wire.ts";

/** Why a refusal is right although the file has a result. */
const reasons: readonly (readonly [RegExp, VectorClass])[] = [
  [/^domain is undefined/, "no domain"],
  [/^primary type can't be EIP712Domain/, "domain as message"],
  [/ at "domain\./, "domain of its own"],
  [/^there is extra data/, "field too many"],
  [/^provided data '<nil>'|<nil>\/<nil>|^invalid argument 1: null/, "field too few"],
  [/^could not format value <nil>/, "field too few"],
  [/^(?:unknown )?reference type|^primary type ".*" is undefined/, "undefined type"],
  [/cannot reference itself/, "endless type"],
  [
    /^provided data|^could not format|^invalid (?:hex|float|integer|neg)|^integer larger/,
    "converted value",
  ],
];

function parse(typed: Typed): TypedData | Failure {
  return attempt(() => parseTypedData(account, jsonOf(typed)));
}

/** A result that the file has: ours is the same, or there is a reason to refuse. */
function judge(typed: Typed, expected: (data: TypedData) => Verdict): Verdict {
  const data = parse(typed);
  if (!(data instanceof Failure)) return expected(data);
  const reason = reasons.find(([pattern]) => pattern.test(data.message));
  return reason === undefined ? { wrong: data.message } : { refused: reason[1] };
}

/** The file says that it has to be refused. `otherwise`: why it may be accepted all the same. */
function judgeRefusal(typed: Typed, otherwise?: VectorClass): Verdict {
  if (parse(typed) instanceof Failure) return "pass";
  return otherwise === undefined ? { wrong: "expected a refusal" } : { refused: otherwise };
}

const digestOf = (data: TypedData) => hashOf(typedDataPreimage(data));

interface Hashed extends Typed {
  readonly name: string;
  readonly data: unknown;
  readonly encoded: string;
  readonly digest: string;
}

function hashedCases(file: string): Case[] {
  return readVectors<Hashed[]>(file).map(({ name, data, encoded, digest, ...typed }) => ({
    name,
    run: () =>
      judge(withDomainType({ ...typed, message: data }), (parsed) =>
        same(`${digestOf(parsed)} ${parsed.messageHash}`, `${digest} ${keccak256(encoded)}`),
      ),
  }));
}

interface Judged {
  readonly name: string;
  readonly typedData: Typed;
  readonly expect?: string;
  readonly digest?: string | null;
}

function judgedCases(file: string): Case[] {
  return readVectors<Judged[]>(file).map(({ name, typedData, expect, digest }) => ({
    name,
    run: () => {
      if (expect?.startsWith("reject")) return judgeRefusal(typedData);
      return judge(typedData, (parsed) => {
        if (typeof digest === "string") return same(digestOf(parsed), digest);
        return { refused: "implementations differ" };
      });
    },
  }));
}

function crashers(): Case[] {
  const file = "typed-data/geth-fuzz-crashers.json";
  return readVectors<{ name: string; raw: string }[]>(file).map(({ name, raw }) => ({
    name,
    run: () => {
      // Whatever it is, it is an answer; a bug would be thrown through.
      attempt(() => parseTypedData(account, jsonOf(raw, { isText: true })));
      return "pass";
    },
  }));
}

interface Recorded {
  readonly test: string | null;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
  readonly throws?: { readonly message: string };
}

interface Signed {
  readonly privateKey: unknown;
  readonly data: Typed;
  readonly version: string;
}

/** An address without 0x: the library hashes its letters, Clef and we the address. */
const bareAddress = /type "address" > should \w+ "[0-9a-fA-F]{40}"/;

function judgeSigUtil({ test, fn, args, result, throws }: Recorded): Verdict {
  const isRuleOfV3 = throws?.message.startsWith("Arrays are unimplemented") ?? false;
  if (bareAddress.test(test ?? "")) return { refused: "implementations differ" };
  const [first, second, third, fourth] = args;
  switch (fn) {
    case "signTypedData": {
      const { privateKey, data, version } = first as Signed;
      if (version !== "V3" && version !== "V4") return { refused: "before EIP-712" };
      if (result === undefined) return judgeRefusal(data, isRuleOfV3 ? "rule of V3" : undefined);
      return judge(data, (parsed) => {
        const signed = signPreimage(hexBytes(bytesOf(privateKey)), typedDataPreimage(parsed));
        return same(flat(signed), String(result));
      });
    }
    case "TypedDataUtils.eip712Hash":
      if (result === undefined) return { refused: "API of the library" };
      return judge(first as Typed, (parsed) => same(digestOf(parsed), bytesOf(result)));
    case "TypedDataUtils.hashStruct":
    case "TypedDataUtils.encodeData": {
      if (fourth !== "V3" && fourth !== "V4") return { refused: "before EIP-712" };
      const typed = structOf(String(first), { types: third, message: second });
      if (result === undefined) return judgeRefusal(typed, isRuleOfV3 ? "rule of V3" : undefined);
      const hash = fn.endsWith("hashStruct") ? bytesOf(result) : keccak256(bytesOf(result));
      return judge(typed, (parsed) => same(parsed.messageHash, hash));
    }
    case "TypedDataUtils.encodeType":
    case "TypedDataUtils.hashType": {
      const text = attempt(() => definitionOf(String(first), parseTypes(jsonOf(second))));
      if (text instanceof Failure) return result === undefined ? "pass" : classOf(text);
      // A name without members: the parser asks whether there is such a type.
      if (result === undefined) return { refused: "API of the library" };
      const isHash = fn.endsWith("hashType");
      return isHash
        ? same(keccak256(toUtf8Bytes(text)), bytesOf(result))
        : same(text, String(result));
    }
    default:
      return { refused: fn === "typedSignatureHash" ? "before EIP-712" : "API of the library" };
  }
}

function classOf({ message }: Failure): Verdict {
  const reason = reasons.find(([pattern]) => pattern.test(message)) ?? [/endless/, undefined];
  return reason[1] === undefined ? { wrong: message } : { refused: reason[1] };
}

/** A struct alone, in a message that has a domain. */
function structOf(primaryType: string, parts: { types: unknown; message: unknown }): Typed {
  return {
    types: { ...(parts.types as object), EIP712Domain: [{ name: "name", type: "string" }] },
    ...{ primaryType, domain: { name: "t" }, message: parts.message },
  };
}

function judgeViem({ fn, args, result }: Recorded): Verdict {
  const [first] = args as readonly (Typed & { data?: unknown; privateKey?: unknown })[];
  if (first === undefined) return { refused: "helper of viem" };
  switch (fn) {
    case "hashTypedData":
      if (result === undefined) return judgeRefusal(withDomainType(first));
      return judge(withDomainType(first), (parsed) => same(digestOf(parsed), String(result)));
    case "signTypedData":
      return judge(withDomainType(first), (parsed) => {
        const key = hexBytes(bytesOf(first.privateKey));
        return same(flat(signPreimage(key, typedDataPreimage(parsed))), String(result));
      });
    case "hashStruct": {
      const typed = structOf(first.primaryType, { types: first.types, message: first.data });
      return judge(typed, (parsed) => same(parsed.messageHash, String(result)));
    }
    case "domainSeparator": {
      const types = { T: [] };
      const typed = withDomainType({ types, primaryType: "T", domain: first.domain, message: {} });
      return judge(typed, (parsed) => same(parsed.domainHash, String(result)));
    }
    case "validateTypedData":
      return judgeRefusal(withDomainType(first), "narrower library");
    default:
      return { refused: "helper of viem" };
  }
}

function recordedCases(file: string, verdict: (call: Recorded) => Verdict): Case[] {
  return readVectors<Recorded[]>(file).map((call) => ({
    name: `${call.fn} ${call.test}`,
    run: () => verdict(call),
  }));
}

testVectors(
  [
    ["typed-data/geth-typed-data.json", 123, hashedCases],
    ["typed-data/ethers-v5-eip712.json", 608, hashedCases],
    ["typed-data/geth-signer-core.json", 11, judgedCases],
    ["typed-data/erc7730-registry-eip712.json", 61, judgedCases],
    ["typed-data/geth-fuzz-crashers.json", 7, crashers],
    [
      "typed-data/eth-sig-util-sign-typed-data.json",
      216,
      (file: string) => recordedCases(file, judgeSigUtil),
    ],
    ["typed-data/viem-recorded.json", 22, (file: string) => recordedCases(file, judgeViem)],
  ].map(([file, passesMin, cases]) => {
    const path = String(file);
    const read = cases as (file: string) => Case[];
    return { file: path, passesMin: Number(passesMin), cases: () => read(path) };
  }),
  { skip: !hasShared },
);
