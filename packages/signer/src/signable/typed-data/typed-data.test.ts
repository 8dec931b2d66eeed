import { fromHex } from "@cleft/protocol/hex.ts";
import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { hashOf } from "../../domain/hash.ts";
import { limits } from "../../domain/limits.ts";
import { account, nameOnly, one, parse } from "./fakes.ts";
import { parseTypedData, type TypedData, typedDataPreimage } from "./typed-data.ts";
import type { TypedNode, TypedStruct } from "./walk.ts";

/** The digest by another library. */
function byEthers({ types, domain, message }: ReturnType<typeof one>): string {
  const { EIP712Domain: _, ...structs } = types;
  return TypedDataEncoder.hash(domain, structs, message);
}

/** The digest of nothing but what is shown: an encoder of its own, over the tree's texts. */
function digestOfShown({ domain, message }: Pick<TypedData, "domain" | "message">): string {
  const hash = (bytes: Uint8Array) => Buffer.from(keccak_256(bytes));
  const words = (nodes: readonly TypedNode[]) => hash(Buffer.concat(nodes.map(wordOf)));
  const hex = (text: string) => Buffer.from(text.slice(2), "hex");
  function structHash({ definition, members }: TypedStruct): Buffer {
    const inner = members.map(({ node }) => wordOf(node));
    return hash(Buffer.concat([hash(Buffer.from(definition)), ...inner]));
  }
  function wordOf(node: TypedNode): Buffer {
    if (node.kind === "struct") return structHash(node);
    if (node.kind === "list") return words(node.items);
    const { type, text } = node;
    if (type === "string") return hash(Buffer.from(text));
    if (type === "bytes") return hash(hex(text));
    if (type.startsWith("bytes")) return Buffer.concat([hex(text), Buffer.alloc(32)], 32);
    if (type === "address") return Buffer.concat([Buffer.alloc(12), hex(text)]);
    const value = type === "bool" ? BigInt(text === "true") : BigInt(text);
    return Buffer.from(BigInt.asUintN(256, value).toString(16).padStart(64, "0"), "hex");
  }
  return hashOf(Buffer.concat([Buffer.from([0x19, 1]), structHash(domain), structHash(message)]));
}

const digestOf = (data: TypedData) => hashOf(typedDataPreimage(data));

describe("parseTypedData() signs what other libraries sign, and shows exactly that", () => {
  const person = {
    Person: [
      { name: "name", type: "string" },
      { name: "friends", type: "Person[]" },
    ],
  };
  test.each([
    ["uint256", "0xff"],
    ["uint256", `${2n ** 256n - 1n}`],
    ["int8", "-128"],
    ["int256", `${-(2n ** 255n)}`],
    ["bool", true],
    ["address", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"],
    ["bytes32", `0x${"1".repeat(64)}`],
    ["bytes4", "0x11223344"],
    ["bytes", "0x"],
    ["string", "h\u00e9llo \u2713 \ud83d\ude80"],
    ["string[]", ["a", "b"]],
    [
      "string[2][]",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["address[]", []],
    ["bool[3]", [true, false, true]],
    [
      "uint8[2][2]",
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["bytes[]", ["0x01", "0x0203"]],
  ])("%s %j", (type, value) => {
    const data = one(type, value);
    const parsed = parse(data);
    expect(digestOf(parsed)).toBe(byEthers(data));
    expect(digestOfShown(parsed)).toBe(digestOf(parsed));
  });

  test("structs inside each other, recursive through arrays", () => {
    const friends = [
      { name: "b", friends: [{ name: "c", friends: [] }] },
      { name: "d", friends: [] },
    ];
    const data = one("Person[][1]", [[{ name: "a", friends }]], person);
    const parsed = parse(data);
    // ethers knows no recursive types: the shown tree is the second opinion.
    expect(digestOfShown(parsed)).toBe(digestOf(parsed));
    expect(parsed.message.definition).toBe("T(Person[][1] v)Person(string name,Person[] friends)");
  });
});

test.each([
  [{ v: "1", w: "2" }, 'there is extra data provided in the message (1 < 2) at "message.w"'],
  [{}, `provided data '<nil>' doesn't match type 'string' at "message.v"`],
  [{ w: "1" }, `provided data '<nil>' doesn't match type 'string' at "message.v"`],
  [null, `provided data '<nil>' doesn't match type 'T' at "message"`],
  [[], `doesn't match type 'T' at "message"`],
])("parseTypedData() names the field of the message %j", (message, text) => {
  expect(() => parse({ ...one("string", "x"), message })).toThrow(text);
});

test.each([
  [{ name: "t", foo: "bar" }, nameOnly, '(1 < 2) at "domain.foo"'],
  [{}, nameOnly, `provided data '<nil>' doesn't match type 'string' at "domain.name"`],
  [{ name: "t" }, undefined, '(0 < 1) at "domain.name"'],
  [{}, [], "domain is undefined"],
  [{ name: "t" }, [{ name: "name", type: "bytes32" }], `expected type 'string' at "domain.name"`],
  [{ chainId: 1 }, [{ name: "chainId", type: "string" }], `expected type 'uint256'`],
  [{ app: "t" }, [{ name: "app", type: "string" }], `expected no such field at "domain.app"`],
  [{ chainId: "1.5" }, [{ name: "chainId", type: "uint256" }], "invalid argument 1: invalid hex"],
  [{ chainId: 1.5 }, [{ name: "chainId", type: "uint256" }], "invalid argument 1: invalid hex"],
  [undefined, nameOnly, "domain is undefined"],
])("parseTypedData() refuses the domain %j of type %j", (given, type, message) => {
  const types = { EIP712Domain: type, T: [{ name: "v", type: "string" }] };
  expect(() => parse({ ...one("string", "x"), types, domain: given })).toThrow(message);
});

test("parseTypedData() takes any subset of the domain's fields", () => {
  const fields = [
    ["name", "string", "n"],
    ["version", "string", "1"],
    ["chainId", "uint256", 5],
    ["verifyingContract", "address", addressOf("b")],
    ["salt", "bytes32", `0x${"2".repeat(64)}`],
  ] as const;
  for (let mask = 1; mask < 32; mask++) {
    const some = fields.filter((_, at) => mask & (1 << at));
    const types = {
      ...one("bool", true).types,
      EIP712Domain: some.map(([name, type]) => ({ name, type })),
    };
    const data = {
      ...one("bool", true),
      types,
      domain: Object.fromEntries(some.map(([name, , value]) => [name, value])),
    };
    const parsed = parse(data);
    expect(digestOf(parsed)).toBe(TypedDataEncoder.hash(data.domain, { T: types.T }, data.message));
    expect(parsed.chainId).toBe(mask & 4 ? 5n : undefined);
  }
});

test.each([
  [{ primaryType: "Foo" }, 'primary type "Foo" is undefined'],
  [{ primaryType: "EIP712Domain" }, "primary type can't be EIP712Domain"],
])("parseTypedData() refuses %j", (changes, message) => {
  expect(() => parse({ ...one("string", "x"), ...changes })).toThrow(message);
});

test("parseTypedData() lists other names and refuses one in other capitals", () => {
  expect(parse({ ...one("string", "x"), metadata: 1 }).ignored).toEqual(["metadata"]);
  expect(() => parse({ ...one("string", "x"), Message: {} })).toThrow(
    'expected the name "message"',
  );
});

test("parseTypedData() finds addresses with a wrong checksum, wherever they are", () => {
  const wrong = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb9226F"
    .replace(/F$/, "6")
    .replace("f39F", "F39F");
  expect(parse(one("address[]", [addressOf("a"), wrong])).misspelled).toEqual([
    { path: "message.v[1]", written: wrong },
  ]);
});

test("parseTypedData() bounds depth, values and bytes", () => {
  const tree = { Tree: [{ name: "sub", type: "Tree[]" }] };
  let value: object = { sub: [] };
  for (let level = 0; level < 20; level++) value = { sub: [value] };
  expect(() => parse(one("Tree", value, tree))).toThrow("expected at most 32 levels");
  expect(() => parse(one("bool[]", Array(3000).fill(true)))).toThrow(
    "expected at most 2048 values",
  );
  expect(() => parse(one("string", "x".repeat(140_000)))).toThrow("expected at most 131072 bytes");
  const long = Array.from({ length: 200 }, (_, at) => ({
    name: `${"n".repeat(70)}${at}`,
    type: `A${"[]".repeat(120)}`,
  }));
  expect(() => parse(one("A[]", [], { A: long, B: long }))).not.toThrow();
});

test("parseTypedData() bounds the names that are repeated in front of values", () => {
  const name = "n".repeat(limits.typedNameCharsMax);
  const list = (length: number) =>
    one("N", { [name]: Array(length).fill("1") }, { N: [{ name, type: "uint8[]" }] });
  expect(() => parse(list(600))).not.toThrow();
  expect(() => parse(list(800))).toThrow(
    "expected at most 65536 characters of names in front of values",
  );
});

test("parseTypedData() always answers: with a Failure, or with a digest that its tree has", () => {
  const text = fc.constantFrom(
    "T",
    "U",
    "v",
    "w",
    "uint8",
    "T[]",
    "U[2]",
    "string",
    "name",
    "EIP712Domain",
  );
  const members = fc.array(fc.record({ name: text, type: text }), { maxLength: 3 });
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      fc.constantFrom(null, true, 1, 1.5, "1", "0x01", "x"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(text, tie("value"), { maxKeys: 3 }),
    ),
  }));
  const drawn = fc.record(
    {
      types: fc.oneof(fc.dictionary(text, members), value),
      primaryType: text,
      domain: value,
      message: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(drawn, value), (data) => {
      const answer = answerOf(parseJson(JSON.stringify(data), limits.json));
      if (answer !== undefined) expect(digestOfShown(answer)).toBe(digestOf(answer));
    }),
    { numRuns: 1000 },
  );
});

function answerOf(json: JsonValue): TypedData | undefined {
  try {
    return parseTypedData(account, json);
  } catch (error) {
    expect(error).toMatchObject({ name: "Failure" });
    return undefined;
  }
}

test("typedDataPreimage() is version 0x01 with the two hashes", () => {
  const parsed = parse(one("bool", true));
  const { domainHash, messageHash } = parsed;
  expect([...typedDataPreimage(parsed)]).toEqual([
    0x19,
    1,
    ...fromHex(domainHash),
    ...fromHex(messageHash),
  ]);
});
