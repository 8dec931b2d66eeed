import { readdirSync, readFileSync } from "node:fs";
import { Wallet } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasShared, shared } from "../../../../test/support/shared.ts";
import { addressOf, failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { sealedKey, secretOf, testAccount, testKey, testPassword } from "./fakes.ts";
import { standardKdf } from "./kdf.ts";
import {
  creationOf,
  encodeKeyFile,
  keyFileName,
  parseForeignKeyFile,
  parseKeyFile,
} from "./keyfile.ts";
import { unseal } from "./seal.ts";

const id = "472e8b3d-afb6-45b5-8111-72c89895099a";
const keyFile = { address: testAccount, sealed: sealedKey() };
const text = new TextDecoder().decode(encodeKeyFile(keyFile, id));
const parse = (file: string) => parseKeyFile(new TextEncoder().encode(file));
const refused = (message: string) => expect.objectContaining(failure("keyfile.refused", message));

describe("encodeKeyFile()", () => {
  test("encodeKeyFile() writes go-ethereum's keys in its order, compact and without newline", () => {
    const { salt, iv, ciphertext, mac } = keyFile.sealed;
    expect(text).toBe(
      `{"address":"${testAccount.slice(2)}","crypto":{"cipher":"aes-128-ctr",` +
        `"ciphertext":"${ciphertext.slice(2)}","cipherparams":{"iv":"${iv.slice(2)}"},` +
        `"kdf":"scrypt","kdfparams":{"dklen":32,"n":2,"p":1,"r":1,"salt":"${salt.slice(2)}"},` +
        `"mac":"${mac.slice(2)}"},"id":"${id}","version":3}`,
    );
  });

  test("encodeKeyFile() writes what ethers can decrypt", () => {
    expect(Wallet.fromEncryptedJsonSync(text, testPassword).privateKey).toBe(`0x${testKey}`);
  });
});

describe("parseKeyFile()", () => {
  test("parseKeyFile() reads what encodeKeyFile() wrote", () => {
    expect(parse(text)).toEqual(keyFile);
  });

  test.each([
    ["Crypto with a capital", text.replace('"crypto"', '"Crypto"')],
    ["an address with 0x", text.replace('"address":"', '"address":"0x')],
    ["capitals", text.replace(testAccount.slice(2), testAccount.slice(2).toUpperCase())],
    ["spaces and unknown keys", text.replace('"version":3', ' "version" : 3, "x-ethers": {}')],
  ])("parseKeyFile() takes %s", (_, file) => {
    expect(parse(file)).toEqual(keyFile);
  });

  const edits: readonly [string, string, string, string][] = [
    ["version 1 and the cipher of 3", '"version":3', '"version":"1"', "cipher aes-128-cbc"],
    ["version 1 as a number", '"version":3', '"version":1', "version 3"],
    ["version 3 as a text", '"version":3', '"version":"3"', "version 3"],
    ["version 2", '"version":3', '"version":2', "version 3"],
    ["both spellings of crypto", '"crypto":', '"Crypto":{},"crypto":', "one of crypto and Crypto"],
    ["a key __proto__", '"version":3', '"__proto__":{},"version":3', "__proto__"],
    ["the zero address", `"${testAccount.slice(2)}"`, `"${"0".repeat(40)}"`, "zero address"],
    ["no version", ',"version":3', "", "version 3"],
    ["another cipher", "aes-128-ctr", "aes-256-ctr", "cipher"],
    ["another kdf", '"kdf":"scrypt"', '"kdf":"argon2"', "kdf scrypt or pbkdf2"],
    ["the parameters of another kdf", '"kdf":"scrypt"', '"kdf":"pbkdf2"', "prf hmac-sha256"],
    ["no kdfparams", '"kdfparams":', '"x":', "kdfparams"],
    ["a short iv", '"iv":"02', '"iv":"', "16 bytes of iv"],
    ["an iv that is no hex", '"iv":"02', '"iv":"zz', "hex digits in iv"],
    ["a number as mac", '"mac":"', '"mac":1,"x":"', "hex digits in mac"],
    ["a short ciphertext", '"ciphertext":"', '"ciphertext":"00","x":"', "bytes of ciphertext"],
    ["no address", '"address":"', '"x":"', "an address"],
    ["a short address", '"address":"f3', '"address":"', "an address"],
    ["a key twice", '"kdfparams":{', '"kdfparams":{"n":2,', "not JSON"],
    ["something behind it", '"version":3}', '"version":3}{}', "not JSON"],
    ["no object", text, "[]", "a JSON object"],
    ["nothing", text, "", "not JSON"],
  ];

  test.each(edits)("parseKeyFile() refuses a file with %s", (_, from, to, message) => {
    expect(text).toContain(from);
    expect(() => parse(text.replace(from, to))).toThrow(refused(message));
  });

  const costs: readonly [string, object, string][] = [
    ["n of 0", { n: 0 }, "power of 2"],
    ["n of 1", { n: 1 }, "power of 2"],
    ["n that is no power of 2", { n: 262143 }, "power of 2"],
    ["a negative n", { n: -2 }, "whole number in n"],
    ["a fraction", { r: 1.5 }, "whole number in r"],
    ["a text as number", { p: "1" }, "whole number in p"],
    ["a huge number", { n: 1e21 }, "whole number in n"],
    ["r of 0", { r: 0 }, "at least 1"],
    ["p of 0", { p: 0 }, "at least 1"],
    ["twice the most memory", { ...standardKdf, n: 2 ** 20 }, "costs more than 512 MiB"],
    ["endless work", { ...standardKdf, p: 2 ** 30 }, "costs more than 512 MiB"],
    ["factors that overflow 64 bits", { n: 2 ** 32, r: 2 ** 32, p: 2 ** 32 }, "costs more"],
    ["a short dklen", { dklen: 16 }, "dklen 32, got 16"],
    ["a long dklen", { dklen: 64 }, "dklen 32, got 64"],
    ["no salt", { salt: "" }, "bytes of salt"],
    ["a long salt", { salt: "00".repeat(1025) }, "bytes of salt"],
  ];

  const withParams = (params: object) => {
    const file = JSON.parse(text);
    Object.assign(file.crypto.kdfparams, params);
    return JSON.stringify(file);
  };

  test.each(costs)("parseKeyFile() refuses %s before any work", (_, params, message) => {
    expect(() => parse(withParams(params))).toThrow(refused(message));
  });

  const iterations: readonly [string, object, string][] = [
    ["c of 0", { c: 0 }, "c of at least 1"],
    ["a negative c", { c: -1 }, "whole number in c"],
    ["c that is a text", { c: "262144" }, "whole number in c"],
    ["no c", { c: null }, "whole number in c"],
    ["one c too many", { c: limits.pbkdf2IterationsMax + 1 }, "more than 10000000 iterations"],
    ["hours of work", { c: 2 ** 31 }, "more than 10000000 iterations"],
    ["days of work", { c: 2 ** 40 }, "whole number in c"],
    ["a long output", { dklen: 2 ** 31 }, "dklen 32, got 2147483648"],
    ["another hash", { prf: "hmac-sha1" }, "prf hmac-sha256"],
  ];

  const withPbkdf2 = (params: object) => {
    const file = JSON.parse(text);
    const { salt } = file.crypto.kdfparams;
    const kdfparams = { c: 262144, dklen: 32, prf: "hmac-sha256", salt, ...params };
    Object.assign(file.crypto, { kdf: "pbkdf2", kdfparams });
    return JSON.stringify(file);
  };

  test.each(iterations)(
    "parseKeyFile() refuses pbkdf2 with %s before any work",
    (_, params, message) => {
      expect(() => parse(withPbkdf2(params))).toThrow(refused(message));
    },
  );

  test.each([1, 262_144, limits.pbkdf2IterationsMax])(
    "parseKeyFile() takes pbkdf2 with c of %i",
    (c) => {
      expect(parse(withPbkdf2({ c })).sealed.kdf).toEqual({ kind: "pbkdf2", c });
    },
  );

  const version1 = (ciphertext: string) =>
    text
      .replace('"version":3', '"version":"1"')
      .replace("aes-128-ctr", "aes-128-cbc")
      .replace(/"ciphertext":"[^"]*"/, `"ciphertext":"${ciphertext}"`);

  test.each([16, 33, 47, 64])(
    "parseKeyFile() refuses version 1 with %i bytes of ciphertext",
    (length) => {
      expect(() => parse(version1("00".repeat(length)))).toThrow(refused("ciphertext"));
    },
  );

  test.each([32, 48])("parseKeyFile() takes version 1 with %i bytes of ciphertext", (length) => {
    expect(parse(version1("00".repeat(length))).sealed.cipher).toBe("aes-128-cbc");
  });

  test("parseForeignKeyFile() takes a file that names no account, but none that names a wrong one", () => {
    const unnamed = text.replace('"address":"', '"x":"');
    const foreign = (file: string) => parseForeignKeyFile(new TextEncoder().encode(file));
    expect(foreign(unnamed)).toEqual({ ...keyFile, address: undefined });
    expect(() => foreign(text.replace('"address":"', '"address":1,"x":"'))).toThrow(
      refused("an address"),
    );
  });

  test("parseKeyFile() takes the standard strength and up to the limit, never more", () => {
    const power = fc.integer({ min: 1, max: 33 }).map((bits) => 2 ** bits);
    const factor = fc.integer({ min: 1, max: 2 ** 20 });
    const params = fc.record({ kind: fc.constant("scrypt"), n: power, r: factor, p: factor });
    fc.assert(
      fc.property(fc.oneof(params, fc.constant(standardKdf)), (kdf) => {
        const { n, r, p } = kdf;
        const fits = 128n * BigInt(n) * BigInt(r) * BigInt(p) <= BigInt(limits.scryptCostBytesMax);
        if (fits) expect(parse(withParams(kdf)).sealed.kdf).toEqual(kdf);
        else expect(() => parse(withParams(kdf))).toThrow(refused("costs more"));
      }),
    );
  });
});

test.each([
  [1795329103561, 483755, "UTC--2026-11-22T06-31-43.561483755Z--"],
  [1795329103000, 0, "UTC--2026-11-22T06-31-43.000000000Z--"],
  [1795329103007, 42, "UTC--2026-11-22T06-31-43.007000042Z--"],
])("keyFileName() names the file of %i ms and %i ns as go-ethereum does", (atMs, nanos, name) => {
  expect(keyFileName(addressOf("a"), { atMs, nanos })).toBe(`${name}${"a".repeat(40)}`);
});

test.each([
  ["UTC--2026-11-22T06-31-43.561483755Z--aa", "2026-11-22 06:31:43Z"],
  ["UTC--2016-03-22T12-57-55.9Z--aa", "2016-03-22 12:57:55Z"],
  ["aaa", undefined],
  ["x UTC--2026-11-22T06-31-43.561483755Z--aa", undefined],
])("creationOf() reads the time in the name %s", (name, time) => {
  expect(creationOf(name)).toBe(time);
});

describe.skipIf(!hasShared)("with files that Clef and others made", () => {
  const samples = `${shared}/golden/sample/keystore-light`;
  const names = hasShared ? readdirSync(samples) : [];

  test.each(names)("parseKeyFile() and unseal() open %s", (name) => {
    const bytes = readFileSync(`${samples}/${name}`);
    const file = parseKeyFile(bytes);
    const key = unseal(file.sealed, secretOf(testPassword));
    const address = key.use((raw) => new Wallet(`0x${Buffer.from(raw).toString("hex")}`).address);
    expect(address.toLowerCase()).toBe(file.address);
    expect(name.endsWith(file.address.slice(2))).toBe(true);
    expect(encodeKeyFile(file, JSON.parse(bytes.toString()).id)).toEqual(Uint8Array.from(bytes));
  });
});
