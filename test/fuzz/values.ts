import fc from "fast-check";
import { sampleAccounts } from "../support/signer.ts";
import { type Draw, Raw, type Tree, treeOf } from "./tree.ts";

const bytes = (max: number) =>
  fc.uint8Array({ maxLength: max }).map((drawn) => `0x${Buffer.from(drawn).toString("hex")}`);
const fixed = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((drawn) => `0x${Buffer.from(drawn).toString("hex")}`);
const word = fixed(32);
const someAddress = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...sampleAccounts) },
  { weight: 2, arbitrary: fixed(20) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("0x", "", `0x${"00".repeat(20)}`, `0X${"Ab".repeat(20)}`),
  },
  { weight: 1, arbitrary: bytes(40) },
);
const someQuantity = fc.oneof(
  { weight: 6, arbitrary: fc.nat().map((n) => `0x${n.toString(16)}`) },
  {
    weight: 1,
    arbitrary: fc.bigInt({ min: 0n, max: 2n ** 260n }).map((n) => `0x${n.toString(16)}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("0x", "0x00", "0X1", "-0x1", "1", "", "0x1.0", " 0x1", "0xg"),
  },
);
/** Numbers that a float, or a parser of its own, would take for others. */
const numbers = fc
  .constantFrom(
    ...[
      "0",
      "-0",
      "1e400",
      "-1e-400",
      "9007199254740993",
      `1${"0".repeat(400)}`,
      "1E+2",
      "0.1",
      "1.0",
    ],
  )
  .map((text) => new Raw(text));
const strings = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "\u0000",
    "\u202e",
    "\ud800",
    "0x",
    "null",
  ),
  fc.nat({ max: 20_000 }).map((length) => "x".repeat(length)),
);

export const hexUpTo = (g: Draw, max: number): string => g(bytes, max);
export const hash = (g: Draw): string => g(() => word);
export const address = (g: Draw): string => g(() => someAddress);
export const quantity = (g: Draw): string => g(() => someQuantity);
export const chance = (g: Draw, percent: number): boolean =>
  g(() => fc.integer({ min: 0, max: 99 })) >= 100 - percent;
export const count = (g: Draw, max: number): number => g(() => fc.nat({ max: Math.floor(max) }));
export const pick = <T>(g: Draw, ...items: readonly T[]): T => {
  const item = items[count(g, items.length - 1)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};
export const list = <T>(g: Draw, max: number, item: (g: Draw) => T): T[] =>
  Array.from({ length: count(g, max) }, () => item(g));

/** What nobody expects in this place. */
export function junk(g: Draw): Tree {
  switch (count(g, 6)) {
    case 0:
      return g(() => numbers);
    case 1:
      return g(() => strings);
    case 2:
      return treeOf(g(() => fc.jsonValue({ maxDepth: 3 })));
    case 3:
      return nested(count(g, 200));
    case 4:
      return Array.from({ length: count(g, 3000) }, () => null);
    case 5:
      return quantity(g);
    default:
      return pick<Tree>(g, null, true, [], new Raw("{}"));
  }
}

function nested(depth: number): Tree {
  return new Raw(`${"[".repeat(depth)}${"]".repeat(depth)}`);
}
