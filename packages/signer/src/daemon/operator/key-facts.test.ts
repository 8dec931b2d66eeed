import { expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { sealedKey } from "../../vault/fakes.ts";
import { type Kdf, lightKdf, standardKdf } from "../../vault/kdf.ts";
import { keyFactsOf } from "./key-facts.ts";

const name = "UTC--2026-11-22T06-31-43.561483755Z--aa";
const filed = (digit: string, kdf: Kdf, path = `/keys/${name}`) => ({
  path,
  keyFile: { address: addressOf(digit), sealed: { ...sealedKey(), kdf } },
});

test("keyFactsOf() tells version, cipher, derivation and time, and finds no fault with a good file", () => {
  expect(keyFactsOf([filed("a", standardKdf)])).toEqual([
    {
      address: addressOf("a"),
      path: `/keys/${name}`,
      encryption: "version 3, aes-128-ctr, scrypt n=262144 r=8 p=1",
      created: "2026-11-22 06:31:43Z",
      warnings: [],
    },
  ]);
});

test("keyFactsOf() calls the block mode version 1", () => {
  const file = filed("a", { kind: "pbkdf2", c: limits.pbkdf2StrongIterations }, "/keys/x");
  const sealed = { ...file.keyFile.sealed, cipher: "aes-128-cbc" } as const;
  expect(keyFactsOf([{ ...file, keyFile: { ...file.keyFile, sealed } }])).toMatchObject([
    { encryption: "version 1, aes-128-cbc, pbkdf2 c=600000", created: undefined, warnings: [] },
  ]);
});

test.each<[string, Kdf, number]>([
  ["the light strength", lightKdf, 1],
  ["half of the interactive example", { kind: "scrypt", n: 2 ** 13, r: 8, p: 1 }, 1],
  ["the interactive example", { kind: "scrypt", n: 2 ** 14, r: 8, p: 1 }, 0],
  ["the definition's pbkdf2", { kind: "pbkdf2", c: 262_144 }, 1],
])("keyFactsOf() says whether %s is weak", (_, kdf, count) => {
  const [facts] = keyFactsOf([filed("a", kdf)]);
  expect(facts?.warnings).toHaveLength(count);
  for (const warning of facts?.warnings ?? []) expect(warning).toMatch(/^light key derivation/);
});

test("keyFactsOf() warns of each file whose account has another one", () => {
  const files = [filed("a", standardKdf), filed("b", standardKdf), filed("a", standardKdf, "/k/2")];
  const texts = keyFactsOf(files).map(({ warnings }) => warnings.join());
  expect(texts).toEqual([expect.stringMatching(/^2 files/), "", expect.stringMatching(/^2 files/)]);
});
