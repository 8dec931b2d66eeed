import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { decodeAbiParameters, parseAbiParameters } from "viem";
import {
  AbiError,
  type AbiValue,
  decodeArguments,
  encodeArguments,
} from "../../packages/signer/src/inspect/abi/codec.ts";
import { type AbiType, parseMethod } from "../../packages/signer/src/inspect/abi/type.ts";
import { selectorOfMethod } from "../../packages/signer/src/inspect/selectors.ts";
import { encodeEnvelope, type RlpInput } from "../../packages/signer/src/signable/rlp.ts";
import { hasShared } from "../support/shared.ts";
import { hexBytes } from "./signing.ts";
import { type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

/** Decodes, compares the values, and encodes to the same bytes. */
function judgeCodec(types: string, encoded: string, values: unknown): Verdict {
  const method = parseMethod(`f(${types})`);
  if (method === undefined) return { wrong: `the types are refused: ${types}` };
  const decoded = decode(method.types, hexBytes(encoded));
  if (decoded === "beyond") return { refused: "values beyond the data" };
  const got = JSON.stringify(decoded.map(plain));
  const expected = JSON.stringify(normal(values));
  if (got !== expected)
    return { wrong: `expected ${expected.slice(0, 200)}, got ${got.slice(0, 200)}` };
  const again = toHex(encodeArguments(method.types, decoded));
  return again === encoded ? "pass" : { wrong: "it is encoded to other bytes" };
}

/** Many values of no size, such as an array of empty tuples, are refused as too much work. */
function decode(types: readonly AbiType[], data: Uint8Array): AbiValue[] | "beyond" {
  try {
    return decodeArguments(types, data);
  } catch (error) {
    if (error instanceof AbiError && /too many values/.test(error.message)) return "beyond";
    throw error;
  }
}

/** A decoded value as text and lists, as the files have them. */
function plain(value: AbiValue): unknown {
  switch (value.kind) {
    case "number":
    case "bool":
      return String(value.value);
    case "address":
      return value.value;
    case "bytes":
      return toHex(value.value);
    case "string":
      return Buffer.from(value.bytes).toString("hex");
    case "list":
      return value.items.map(plain);
  }
}

/** A value of a file in the same form: addresses lower case, texts as hex of their bytes. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object" && value !== null) {
    if ("$bigint" in value) return String(value.$bigint);
    if ("$bytes" in value) return String(value.$bytes).toLowerCase();
    return Object.values(value).map(normal);
  }
  const text = String(value);
  if (/^0x([0-9a-fA-F]{2})*$/.test(text)) return text.toLowerCase();
  const isNumber = typeof value !== "string" || /^-?\d+$/.test(text);
  return isNumber ? text : Buffer.from(text).toString("hex");
}

interface Ethers6 {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
  readonly encoded: string;
}

interface Ethers5 {
  readonly name: string;
  readonly types: string;
  readonly result: Hex;
}

/** The file has no values: viem says what they are. */
function judgeEthers5({ types, result }: Ethers5): Verdict {
  const named: readonly string[] = JSON.parse(types);
  const list = named.join().replaceAll("tuple", "");
  return judgeCodec(list, result, decodeAbiParameters(parseAbiParameters(list), result));
}

interface Signature {
  readonly name: string;
  readonly signature: string;
  readonly sigHash: string;
}

function judgeSelector({ signature, sigHash }: Signature): Verdict {
  const method = parseMethod(signature);
  return same(method === undefined ? undefined : `0x${selectorOfMethod(method)}`, sigHash);
}

interface Basic {
  readonly args: readonly unknown[];
  readonly result: string;
  readonly types: readonly string[];
}

/** Its bytes10 is written as text. */
function judgeBasic({ args, result, types }: Basic): Verdict {
  const values = args.map((value, at) => {
    const isText = types[at]?.startsWith("bytes") ?? false;
    return isText ? toHex(Buffer.from(String(value))) : value;
  });
  return judgeCodec(types.join(), `0x${result}`, values);
}

interface RlpFile {
  readonly valid: Readonly<Record<string, { in: unknown; out: Hex }>>;
  readonly invalid: Readonly<Record<string, unknown>>;
}

function rlpCases(): Case[] {
  const { valid, invalid } = readVectors<RlpFile>("abi/ethereum-tests-rlp.json");
  return [
    ...Object.entries(valid).map(([name, { in: input, out }]) => ({
      name,
      run: () => same(toHex(encodeEnvelope(undefined, rlpInput(input))), out),
    })),
    ...Object.keys(invalid).map((name) => ({
      name,
      run: () => ({ refused: "reads raw bytes" }) as const,
    })),
  ];
}

/** Texts are bytes, and a text with a # is a big number. */
function rlpInput(value: unknown): RlpInput {
  if (Array.isArray(value)) return value.map(rlpInput);
  if (typeof value === "number") return BigInt(value);
  const text = String(value);
  return text.startsWith("#") ? BigInt(text.slice(1)) : Uint8Array.from(Buffer.from(text));
}

interface Parameter {
  readonly name?: string;
  readonly type: string;
  readonly components?: readonly Parameter[];
}

interface Recorded {
  readonly test: string | null;
  readonly fn: string;
  readonly args: readonly [readonly Parameter[], unknown];
  readonly result?: unknown;
}

function judgeViem({ fn, args: [parameters, value], result }: Recorded): Verdict {
  if (result === undefined) return { refused: "helper of viem" };
  if (fn !== "encodeAbiParameters" && fn !== "decodeAbiParameters")
    return { refused: "not a call" };
  const types = parameters.map(typeOf).join();
  if (types.includes("[0]")) return { refused: "array of length 0" };
  if (fn === "encodeAbiParameters") {
    return judgeCodec(types, String(result), orderedAll(parameters, value));
  }
  const data = String(normal(value));
  if (types === "()" && data.length > 2) return { refused: "stuffed data" };
  return judgeCodec(types, data, orderedAll(parameters, result));
}

function typeOf({ type, components = [] }: Parameter): string {
  return type.replace(/^tuple/, `(${components.map(typeOf).join()})`);
}

/** The values of named tuples in the order of their components. */
function orderedAll(parameters: readonly Parameter[], values: unknown): unknown {
  if (!Array.isArray(values)) return values;
  return parameters.map((parameter, at) => ordered(parameter, values[at]));
}

function ordered(parameter: Parameter, value: unknown): unknown {
  const { type, components = [] } = parameter;
  if (type.endsWith("]") && Array.isArray(value)) {
    const item = { ...parameter, type: type.slice(0, type.lastIndexOf("[")) };
    return value.map((each) => ordered(item, each));
  }
  if (!type.startsWith("tuple") || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return orderedAll(components, value);
  const named = new Map(Object.entries(value));
  return components.map((component) => ordered(component, named.get(component.name ?? "")));
}

testVectors(
  [
    {
      file: "abi/ethers-v6-abi.json",
      passesMin: 500,
      cases: () =>
        readVectors<Ethers6[]>("abi/ethers-v6-abi.json").map(({ name, type, value, encoded }) => ({
          name,
          run: () => judgeCodec(type, encoded, [value]),
        })),
    },
    {
      file: "abi/ethers-v5-abi2.json",
      passesMin: 300,
      cases: () =>
        readVectors<Ethers5[]>("abi/ethers-v5-abi2.json").map((record) => ({
          name: record.name,
          run: () => judgeEthers5(record),
        })),
    },
    {
      file: "abi/ethers-v5-contract-signatures.json",
      passesMin: 574,
      cases: () =>
        readVectors<Signature[]>("abi/ethers-v5-contract-signatures.json").map((record) => ({
          name: record.name,
          run: () => judgeSelector(record),
        })),
    },
    {
      file: "abi/ethereum-tests-abi.json",
      passesMin: 3,
      cases: () =>
        Object.entries(
          readVectors<Readonly<Record<string, Basic>>>("abi/ethereum-tests-abi.json"),
        ).map(([name, record]) => ({ name, run: () => judgeBasic(record) })),
    },
    { file: "abi/ethereum-tests-rlp.json", passesMin: 28, cases: rlpCases },
    {
      file: "abi/viem-recorded.json",
      passesMin: 91,
      cases: () =>
        readVectors<Recorded[]>("abi/viem-recorded.json").map((call) => ({
          name: `${call.fn} ${call.test}`,
          run: () => judgeViem(call),
        })),
    },
  ],
  { skip: !hasShared },
);
