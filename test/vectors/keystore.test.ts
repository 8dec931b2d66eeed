import { chmodSync, cpSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@cleft/protocol/hex.ts";
import { expect, test } from "vitest";
import { Failure } from "../../packages/signer/src/domain/failure.ts";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { parseKeyFile } from "../../packages/signer/src/vault/keyfile.ts";
import { seal, unseal } from "../../packages/signer/src/vault/seal.ts";
import { hasShared, shared } from "../support/shared.ts";
import { makeHome, startSigner } from "../support/signer.ts";
import { curve, hexBytes } from "./signing.ts";
import { attempt, type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

/** A key file, its password, and what comes of it. */
interface KeyCase {
  readonly json?: object | undefined;
  readonly rawText?: string | undefined;
  readonly password: string;
}

/** The key of a file: parsed, bounded, decrypted, and compared with its address as the vault does. */
function openKey({ json, rawText, password }: KeyCase): string {
  const { address, sealed } = parseKeyFile(Buffer.from(rawText ?? JSON.stringify(json)));
  const key = unseal(sealed, Secret.taking(Buffer.from(password)));
  if (key.use(curve.accountOf) !== address) {
    throw new Failure("keyfile.refused", "the key file holds another key");
  }
  return key.use((bytes) => toHex(Uint8Array.from(bytes)));
}

/** A file with a known key. */
function judgeKey(file: KeyCase, priv: string): Verdict {
  const outcome = attempt(() => openKey(file));
  if (outcome instanceof Failure) return { wrong: outcome.message };
  return same(outcome, `0x${priv.replace(/^0x/, "").padStart(64, "0")}`);
}

type Known = Readonly<Record<string, { json: object; password: string; priv: string }>>;

function knownCases(file: string): Case[] {
  return Object.entries(readVectors<Known>(file)).map(([name, { json, password, priv }]) => ({
    name,
    run: () => judgeKey({ json: { ...json, address: addressOf(priv) }, password }, priv),
  }));
}

/** Most files have no address, which ours need. */
function addressOf(priv: string): string | undefined {
  return curve.accountOf(hexBytes(priv.padStart(64, "0")));
}

interface Hostile extends KeyCase {
  readonly name: string;
  readonly expect: string;
}

/** A hostile file is refused, or it is what `expect` says; nothing else, and the test goes on. */
function judgeHostile({ expect: expected, ...file }: Hostile): Verdict {
  const outcome = attempt(() => openKey(file));
  if (outcome instanceof Failure) {
    if (!expected.startsWith("accept")) return "pass";
    const isNameless = outcome.message.startsWith("expected an address");
    return isNameless ? { refused: "no address" } : { wrong: outcome.message };
  }
  return expected === "reject" ? { wrong: `it gave the key of ${outcome}` } : "pass";
}

type Web3Options = Readonly<Record<string, string | number | { readonly $bytes: string }>>;
type Encrypted = {
  readonly crypto: { readonly ciphertext: string; readonly mac: string; readonly kdf: string };
};

interface Web3js {
  readonly invalidDecryptData: readonly (readonly [readonly [object, string], object])[];
  readonly invalidKeyStore: readonly (readonly [readonly [object, string]])[];
  readonly invalidEncryptData: readonly unknown[];
  readonly validDecryptData: readonly (readonly [readonly [string, string, Web3Options, string]])[];
  readonly validEncryptData: readonly (readonly [
    readonly [string | { readonly $bytes: string }, string, Web3Options],
    Encrypted,
  ])[];
}

function web3Cases(): Case[] {
  const all = readVectors<Web3js>("keystore/web3js-keystores.json");
  const refuses = ([json, password]: readonly [object, string]): Verdict =>
    attempt(() => openKey({ json, password })) instanceof Failure ? "pass" : { wrong: "accepted" };
  return [
    ...[...all.invalidDecryptData, ...all.invalidKeyStore].map(([input], at) => ({
      name: `invalid ${at}`,
      run: () => refuses(input),
    })),
    ...all.invalidEncryptData.map((_, at) => ({
      name: `invalid options ${at}`,
      run: () => ({ refused: "API of web3" }) as const,
    })),
    ...all.validDecryptData.map(([[key, password, options, expected]], at) => ({
      name: `there and back ${at}`,
      run: () => judgeSealed([key, password, options], undefined, expected),
    })),
    ...all.validEncryptData.map(([input, encrypted], at) => ({
      name: `encrypt ${at}`,
      run: () => judgeSealed(input, encrypted, undefined),
    })),
  ];
}

/** What web3.js's file says for scrypt, too; its own tests don't compare it. */
const pbkdf2Mac = "46eb4884e82dc43b5aa415faba53cc653b7038e9d61cc32fd643cf8c396189b7";

/** Encrypts with the vector's salt and iv: the same ciphertext and MAC, and the key comes back. */
function judgeSealed(
  [untaken, text, options]: Web3js["validEncryptData"][number][0],
  encrypted: Encrypted | undefined,
  expected: string | undefined,
): Verdict {
  const key = bytesOf(untaken);
  // The product writes scrypt only; what another program wrote it has to read.
  if (encrypted?.crypto.kdf === "pbkdf2") {
    return judgeKey({ json: encrypted, password: text }, toHex(key));
  }
  const kdf = {
    kind: "scrypt" as const,
    n: Number(options["n"] ?? 8192),
    r: Number(options["r"] ?? 8),
    p: Number(options["p"] ?? 1),
  };
  const random = { salt: bytesOf(options["salt"]), iv: bytesOf(options["iv"]) };
  const password = Secret.taking(Buffer.from(text));
  const sealed = seal({ key: Secret.taking(Uint8Array.from(key)), password }, { kdf, ...random });
  const back = unseal(sealed, password).use((bytes) => toHex(Uint8Array.from(bytes)));
  if (back !== (expected ?? toHex(key))) return { wrong: "another key came back" };
  if (encrypted === undefined) return "pass";
  const { ciphertext, mac } = encrypted.crypto;
  if (sealed.ciphertext !== `0x${ciphertext}`) return same(sealed.ciphertext, `0x${ciphertext}`);
  return mac === pbkdf2Mac ? { refused: "no MAC of its own" } : same(sealed.mac, `0x${mac}`);
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value === "object" && value !== null && "$bytes" in value) {
    return hexBytes(String(value.$bytes));
  }
  return hexBytes(String(value));
}

testVectors(
  [
    {
      file: "keystore/ethereum-tests-basic.json",
      passesMin: 5,
      cases: () => knownCases("keystore/ethereum-tests-basic.json"),
    },
    {
      file: "keystore/geth-v3-vectors.json",
      passesMin: 4,
      cases: () => knownCases("keystore/geth-v3-vectors.json"),
    },
    {
      file: "keystore/geth-v1-vectors.json",
      passesMin: 3,
      cases: gethV1Cases,
    },
    { file: "keystore/web3js-keystores.json", passesMin: 4, cases: web3Cases },
    {
      file: "keystore/hostile-keystores-derived.json",
      passesMin: 50,
      cases: () =>
        readVectors<Hostile[]>("keystore/hostile-keystores-derived.json").map((hostile) => ({
          name: hostile.name,
          run: () => judgeHostile(hostile),
        })),
    },
  ],
  { skip: !hasShared },
);

/** The names of two files hold their passwords, and their keys are known by the address alone. */
function gethV1Cases(): Case[] {
  const all = readVectors<Readonly<Record<string, object>>>("keystore/geth-v1-vectors.json");
  return Object.entries(all).map(([name, record]) => {
    const password = /password "(.*?)"/.exec(name)?.[1];
    if (password !== undefined) return { name, run: () => judgeOpened({ json: record, password }) };
    const { json, priv, ...known }: { json?: object; password?: string; priv?: string } = record;
    const file = {
      json: { ...json, address: addressOf(priv ?? "") },
      password: known.password ?? "",
    };
    return { name, run: () => judgeKey(file, priv ?? "") };
  });
}

/** The vault's own check tells whether it is the right key: it gives the file's address. */
function judgeOpened(file: KeyCase): Verdict {
  const outcome = attempt(() => openKey(file));
  return outcome instanceof Failure ? { wrong: outcome.message } : "pass";
}

interface Folder {
  readonly password: string;
  readonly load: Readonly<Record<string, string>>;
}

test.skipIf(!hasShared)("keystore/geth-dir: three accounts load, all else is skipped", async () => {
  const { password, load } = readVectors<Folder>("keystore/geth-dir.expected.json");
  const home = makeHome({ sample: false });
  cpSync(`${shared}/vectors/keystore/geth-dir`, home.keystore, { recursive: true });
  // The vectors may be read-only, their copy has to be removed again.
  for (const name of ["", ...readdirSync(home.keystore, { recursive: true, encoding: "utf8" })]) {
    const path = join(home.keystore, name);
    if (lstatSync(path).isDirectory()) chmodSync(path, 0o700);
  }
  const signer = await startSigner({ home });
  try {
    const { result } = await signer.call("account_list");
    expect(new Set(Array.isArray(result) ? result : [])).toEqual(new Set(Object.values(load)));
  } finally {
    await signer.stop();
    home.remove();
  }
  for (const [name, address] of Object.entries(load)) {
    const rawText = readFileSync(`${shared}/vectors/keystore/geth-dir/${name}`, "utf8");
    const key = hexBytes(openKey({ rawText, password }));
    expect(curve.accountOf(key)).toBe(address);
  }
});
