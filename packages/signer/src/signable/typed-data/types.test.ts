import { expect, test } from "vitest";
import { failure } from "../../domain/fakes.ts";
import { one, parse } from "./fakes.ts";

test.each([
  ["T", 'type "T" cannot reference itself'],
  ["U", 'reference type "U" is undefined'],
  ["U[]", 'reference type "U" is undefined'],
  ["uint512", 'reference type "uint512" is undefined'],
  ["uint7", 'reference type "uint7" is undefined'],
  ["bytes33", 'reference type "bytes33" is undefined'],
  ["A-B", 'unknown reference type "A-B"'],
  ["\u00c9", 'unknown reference type "\u00c9"'],
  ["uint8[0]", "unknown reference type"],
  ["uint8[02]", "unknown reference type"],
  ["uint8 x,uint8", "unknown reference type"],
  ["uint8[", "unknown reference type"],
  ["", "unknown reference type"],
  [`uint8${"[]".repeat(200)}`, "unknown reference type"],
])("parseTypedData() refuses the type %s", (type, message) => {
  expect(() => parse(one(type, "1"))).toThrow(
    expect.objectContaining(failure("data.refused", message)),
  );
});

test.each([
  [
    "a member that forges another",
    { T: [{ name: "v,uint256 w", type: "string" }] },
    "can't be the name of a member",
  ],
  ["a struct that forges another", { "A(uint8 b)": [] }, "can't be the name of a type"],
  ["a struct with the name of an atom", { address: [] }, "can't be the name of a type"],
  ["a struct with nearly the name of bytes", { bytes33: [] }, "can't be the name of a type"],
  ["a struct with nearly the name of a number", { uint7: [] }, "can't be the name of a type"],
  ["a struct with the name of a fraction", { fixed128x18: [] }, "can't be the name of a type"],
  [
    "two members of one name",
    {
      T: [
        { name: "v", type: "string" },
        { name: "v", type: "string" },
      ],
    },
    'two members "v"',
  ],
  ["a member without a type", { T: [{ name: "v" }] }, "without name and type"],
  ["a struct that is no list", { A: {} }, "is no list of members"],
  [
    "too many types",
    Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`A${at}`, []])),
    "expected at most 64 types",
  ],
  [
    "too many members",
    { A: Array.from({ length: 600 }, (_, at) => ({ name: `a${at}`, type: "bool" })) },
    "expected at most 512 members",
  ],
])("parseTypedData() refuses %s", (_name, types, message) => {
  expect(() => parse(one("string", "x", types))).toThrow(
    expect.objectContaining(failure("data.refused", message)),
  );
});
