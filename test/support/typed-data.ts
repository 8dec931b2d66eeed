import fc from "fast-check";

/** A drawn type with a value of it; a struct gets its name when all are counted. */
type Drawn =
  | { readonly kind: "atom"; readonly type: string; readonly value: unknown }
  | { readonly kind: "array"; readonly fixed: boolean; readonly items: readonly Drawn[] }
  | { readonly kind: "struct"; readonly members: readonly Drawn[] };

const hex = (bytes: { minLength: number; maxLength: number }) =>
  fc.uint8Array(bytes).map((b) => `0x${Buffer.from(b).toString("hex")}`);
const bits = fc.integer({ min: 1, max: 32 }).map((bytes) => 8 * bytes);
const atom = fc.oneof(
  bits.chain((n) =>
    fc.record({
      type: fc.constant(`uint${n}`),
      value: fc.bigInt({ min: 0n, max: 2n ** BigInt(n) - 1n }),
    }),
  ),
  bits.chain((n) =>
    fc.record({
      type: fc.constant(`int${n}`),
      value: fc.bigInt({ min: -(2n ** BigInt(n - 1)), max: 2n ** BigInt(n - 1) - 1n }),
    }),
  ),
  fc.record({ type: fc.constant("bool"), value: fc.boolean() }),
  fc.record({ type: fc.constant("address"), value: hex({ minLength: 20, maxLength: 20 }) }),
  fc.record({ type: fc.constant("string"), value: fc.string({ unit: "binary", maxLength: 80 }) }),
  fc.record({ type: fc.constant("bytes"), value: hex({ minLength: 0, maxLength: 80 }) }),
  fc.integer({ min: 1, max: 32 }).chain((size) =>
    fc.record({
      type: fc.constant(`bytes${size}`),
      value: hex({ minLength: size, maxLength: size }),
    }),
  ),
);

/** An array has one element type: its items repeat one that was drawn. */
const { struct } = fc.letrec<{ any: Drawn; struct: Drawn; array: Drawn; atom: Drawn }>((tie) => ({
  any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("atom"), tie("array"), tie("struct")),
  atom: atom.map((drawn) => ({ kind: "atom" as const, ...drawn })),
  array: fc.record({
    kind: fc.constant("array" as const),
    fixed: fc.boolean(),
    items: fc
      .tuple(tie("any"), fc.integer({ min: 1, max: 3 }))
      .map(([item, count]) => Array.from({ length: count }, () => item)),
  }),
  struct: fc.record({
    kind: fc.constant("struct" as const),
    members: fc.array(tie("any"), { minLength: 1, maxLength: 4 }),
  }),
}));

type Types = Record<string, { name: string; type: string }[]>;

/** Names a type and all structs below it: one that stands twice is two. */
function typeOf(drawn: Drawn, types: Types): string {
  switch (drawn.kind) {
    case "atom":
      return drawn.type;
    case "array": {
      const [first] = drawn.items;
      const inner = first === undefined ? "bool" : typeOf(first, types);
      return `${inner}[${drawn.fixed ? drawn.items.length : ""}]`;
    }
    case "struct": {
      const name = `S${Object.keys(types).length}`;
      types[name] = [];
      types[name] = drawn.members.map((member, at) => ({
        name: `m${at}`,
        type: typeOf(member, types),
      }));
      return name;
    }
  }
}

function valueIn(drawn: Drawn): unknown {
  if (drawn.kind === "atom") return drawn.value;
  if (drawn.kind === "array") return drawn.items.map(valueIn);
  return Object.fromEntries(drawn.members.map((member, at) => [`m${at}`, valueIn(member)]));
}

/** JSON as clients write it: an integer as a number, in decimal or in hex. */
export function textOf(value: unknown): string {
  if (typeof value === "bigint") {
    if (value % 3n === 0n) return String(value);
    return value % 3n === 1n ? `"0x${value.toString(16)}"` : `"${value}"`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${textOf(item)}`,
  );
  return `{${members.join(",")}}`;
}

const domain = fc.record(
  {
    name: fc.string({ unit: "binary", maxLength: 20 }),
    version: fc.string({ maxLength: 5 }),
    chainId: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
    verifyingContract: hex({ minLength: 20, maxLength: 20 }),
    salt: hex({ minLength: 32, maxLength: 32 }),
  },
  { requiredKeys: ["name"] },
);
const domainTypes = {
  name: "string",
  version: "string",
  chainId: "uint256",
  verifyingContract: "address",
  salt: "bytes32",
};

/** Typed data (EIP-712) as clients hold it. */
export interface DrawnTypedData {
  readonly types: Types;
  readonly primaryType: string;
  readonly domain: Record<string, unknown>;
  readonly message: Record<string, unknown>;
}

/** Random typed data that is valid: types of all kinds, each with a value. `EIP712Domain` is among them. */
export const typedData: fc.Arbitrary<DrawnTypedData> = fc
  .tuple(struct, domain)
  .map(([drawn, drawnDomain]) => {
    const types: Types = {};
    const primaryType = typeOf(drawn, types);
    const message = valueIn(drawn) as Record<string, unknown>;
    const fields = Object.entries(domainTypes).filter(([name]) => name in drawnDomain);
    types["EIP712Domain"] = fields.map(([name, type]) => ({ name, type }));
    return { types, primaryType, domain: drawnDomain, message };
  });
