import { toHex } from "@cleft/protocol/hex.ts";
import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { account, addressAt, type Bodies, fill, request, room, times } from "./parts.ts";

const { textBytesMax, typedValuesMax } = limits;

const typed = (types: object, message: object) =>
  request("account_signTypedData", account, {
    types: { EIP712Domain: [{ name: "name", type: "string" }], ...types },
    primaryType: "A",
    domain: { name: "x" },
    message,
  });
const typedList = (type: string, item: (at: number) => unknown, count = typedValuesMax - 6) =>
  typed({ A: [{ name: "a", type: `${type}[]` }] }, { a: times(count, item) });

/** Typed data with much of one thing. */
export const typedData: Bodies = {
  "typed addresses": () => typedList("address", addressAt),
  "typed numbers": () => typedList("uint256", () => `0x${fill("f", 64)}`),
  "typed booleans": () => typedList("bool", () => true),
  "typed texts": () => typedList("string", () => fill("x", 55)),
  "typed bytes": () => typedList("bytes", () => `0x${fill("ab", 110)}`),
  "typed structs": () =>
    typed(
      { A: [{ name: "a", type: "B[]" }], B: [{ name: "b", type: "bytes" }] },
      { a: times(1000, () => ({ b: `0x${fill("ab", 110)}` })) },
    ),
  "empty structs": () =>
    typed({ A: [{ name: "a", type: "B[]" }], B: [] }, { a: times(2000, () => ({})) }),
  "one typed text": () =>
    typed({ A: [{ name: "a", type: "string" }] }, { a: fill("x", textBytesMax - 100) }),
  "one typed text of emoji": () =>
    typed({ A: [{ name: "a", type: "string" }] }, { a: fill("\u{1f680}", textBytesMax / 2 - 100) }),
  "one typed text of control characters": () =>
    typed({ A: [{ name: "a", type: "string" }] }, { a: fill("\u001b", textBytesMax - 100) }),
  "one typed text, too long": () =>
    typed({ A: [{ name: "a", type: "string" }] }, { a: fill("x", room) }),
  "typed bytes, too long": () =>
    typed({ A: [{ name: "a", type: "bytes" }] }, { a: `0x${fill("ab", room)}` }),
  "typed values, too many": () => typedList("uint256", () => 1, 90_000),
  "a long typed number": () =>
    typed({ A: [{ name: "a", type: "uint256" }] }, { a: fill("7", room) }),
  "a long hex number": () =>
    typed({ A: [{ name: "a", type: "uint256" }] }, { a: `0x${fill("7", room)}` }),
  "a large exponent": () =>
    typed({ A: [{ name: "a", type: "uint256" }] }, { a: 9 }).replace('"a":9}', '"a":1e999999999}'),
  "a number of digits": () =>
    typed({ A: [{ name: "a", type: "uint256" }] }, { a: 9 }).replace(
      '"a":9}',
      `"a":${fill("7", room)}}`,
    ),
  "types that need each other": () => {
    const names = times(22, (at) => (at === 0 ? "A" : `T${at}`));
    const members = names.map((type, at) => ({ name: `m${at}`, type: `${type}[]` }));
    return typed(
      Object.fromEntries(names.map((name) => [name, members])),
      Object.fromEntries(members.map(({ name }) => [name, []])),
    );
  },
  "many values of long types": () => {
    const long = "T".repeat(80);
    const names = times(60, (at) => `${long.slice(0, 70)}${at}`);
    const others = Object.fromEntries(
      names.map((name, at) => [
        name,
        names
          .slice(at + 1, at + 8)
          .map((type, n) => ({ name: `m${n}`.padEnd(80, "x"), type: `${type}[]` })),
      ]),
    );
    const empty = Object.fromEntries((others[names[0] ?? ""] ?? []).map(({ name }) => [name, []]));
    return typed(
      { A: [{ name: "a", type: `${names[0]}[]` }], ...others },
      { a: times(200, () => empty) },
    );
  },
  "types, too many": () =>
    typed(Object.fromEntries(times(20_000, (at) => [at === 0 ? "A" : `T${at}`, []])), {}),
  "members, too many": () =>
    typed({ A: times(20_000, (at) => ({ name: `m${at}`, type: "bool" })) }, {}),
  "a long type": () => typed({ A: [{ name: "a", type: `uint8${fill("[]", room / 2)}` }] }, {}),
  "a long name": () => typed({ A: [{ name: fill("a", room), type: "bool" }] }, {}),
  "a long primary type": () =>
    typed({ A: [] }, {}).replace('"primaryType":"A"', `"primaryType":"${fill("A", room)}"`),
  "extra members": () =>
    typed({ A: [] }, Object.fromEntries(times(limits.json.valuesMax - 40, (at) => [`m${at}`, at]))),
  "a text instead of typed data": () =>
    request("account_signTypedData", account, fill('{"a":', 90_000)),
  "typed data as bytes": () =>
    request(
      "account_signData",
      "data/typed",
      account,
      toHex(Buffer.from(`{"a":${fill("[1],", room / 2 - 1000)}`)),
    ),
  "typed data as bytes of a text": () =>
    request(
      "account_signData",
      "data/typed",
      account,
      toHex(Buffer.from(`{"a":"${fill("é", room / 4 - 1000)}"}`)),
    ),
};
