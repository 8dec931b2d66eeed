import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encryptKeystoreJson, Wallet } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { Secret } from "../domain/secret.ts";
import { cheapKdf, keyOf, sealedKey, secretOf, testKey, testPassword } from "./fakes.ts";
import { parseKeyFile, type Sealed } from "./keyfile.ts";
import { seal, unseal } from "./seal.ts";

const hexOf = (secret: Secret) => secret.use((bytes) => Buffer.from(bytes).toString("hex"));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const refused = (text: string) => expect.objectContaining(failure("keyfile.refused", text));
const wrong = expect.objectContaining(failure("password.wrong"));

describe("unseal()", () => {
  test("unseal() gives back any key that seal() took, for any password", () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), bytes(16), fc.string(), (key, salt, iv, password) => {
        const secrets = { key: Secret.taking(Uint8Array.from(key)), password: secretOf(password) };
        const sealed = seal(secrets, { kdf: cheapKdf, salt, iv });
        expect(hexOf(unseal(sealed, secretOf(password)))).toBe(Buffer.from(key).toString("hex"));
      }),
    );
  });

  test.each(["", "password-0123456780", "Password-0123456789", "password-0123456789 "])(
    "unseal() refuses the password %j",
    (password) => {
      expect(() => unseal(sealedKey(), secretOf(password))).toThrow(wrong);
    },
  );

  const flipped = (hex: `0x${string}`): `0x${string}` =>
    `0x${hex.slice(2, -1)}${hex.endsWith("0") ? "1" : "0"}`;
  const sealed = sealedKey();
  test.each<[string, Sealed]>([
    ["ciphertext", { ...sealed, ciphertext: flipped(sealed.ciphertext) }],
    ["mac", { ...sealed, mac: flipped(sealed.mac) }],
    ["salt", { ...sealed, salt: flipped(sealed.salt) }],
    ["kdf", { ...sealed, kdf: { ...cheapKdf, n: 4 } }],
  ])("unseal() refuses a changed %s", (_, changed) => {
    expect(() => unseal(changed, secretOf(testPassword))).toThrow(wrong);
  });

  test("unseal() reads what ethers encrypted", async () => {
    const options = { scrypt: { N: 16, r: 8, p: 1 } };
    const account = { address: new Wallet(testKey).address, privateKey: `0x${testKey}` };
    const json = await encryptKeystoreJson(account, testPassword, options);
    const file = parseKeyFile(new TextEncoder().encode(json));
    expect(hexOf(unseal(file.sealed, secretOf(testPassword)))).toBe(testKey);
  });

  // The scrypt vector of the Web3 Secret Storage definition: OpenSSL refuses n of 2^(16·r) and more.
  test("unseal() opens the definition's own example, with r=1 and a large n", () => {
    const example: Sealed = {
      cipher: "aes-128-ctr",
      kdf: { kind: "scrypt", n: 262144, r: 1, p: 8 },
      salt: "0xab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
      iv: "0x83dbcc02d8ccb40e466191a123791e0e",
      ciphertext: "0xd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
      mac: "0x2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
    };
    expect(hexOf(unseal(example, secretOf("testpassword")))).toBe(
      "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d",
    );
  });
});

/** A key as version 1 encrypts it, by Node's own ciphers; `pad` is what stands behind the key. */
function sealedAsVersion1(key: Buffer, pad?: Buffer): Sealed {
  const [salt, iv] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2)];
  const derived = pbkdf2Sync(testPassword, salt, 2, 32, "sha256");
  const cipherKey = keccak_256(derived.subarray(0, 16)).subarray(0, 16);
  const cipher = createCipheriv("aes-128-cbc", cipherKey, iv).setAutoPadding(pad === undefined);
  const ciphertext = Buffer.concat([cipher.update(key), cipher.update(pad ?? ""), cipher.final()]);
  const mac = keccak_256(Buffer.concat([derived.subarray(16), ciphertext]));
  return {
    cipher: "aes-128-cbc",
    kdf: { kind: "pbkdf2", c: 2 },
    salt: toHex(salt),
    iv: toHex(iv),
    ciphertext: toHex(ciphertext),
    mac: toHex(mac),
  };
}

describe("unseal(), version 1 and pbkdf2", () => {
  test.each([30, 31, 32])("unseal() fills a key of %i bytes up in front", (length) => {
    const key = unseal(sealedAsVersion1(Buffer.alloc(length, 5)), secretOf(testPassword));
    expect(hexOf(key)).toBe("05".repeat(length).padStart(64, "0"));
  });

  test.each([29, 33])("unseal() refuses %i bytes, which are no key", (length) => {
    const sealed = sealedAsVersion1(Buffer.alloc(length, 5));
    expect(() => unseal(sealed, secretOf(testPassword))).toThrow(refused("32 bytes"));
  });

  test.each([
    ["no padding", Buffer.alloc(16, 0)],
    ["a block too long", Buffer.alloc(16, 17)],
    ["uneven padding", Buffer.from(`${"10".repeat(14)}1110`, "hex")],
  ])("unseal() refuses a key with %s", (_, pad) => {
    const sealed = sealedAsVersion1(Buffer.alloc(32, 5), pad);
    expect(() => unseal(sealed, secretOf(testPassword))).toThrow(refused("padding"));
  });

  test("unseal() refuses a wrong password and a changed ciphertext as in version 3", () => {
    const sealed = sealedAsVersion1(Buffer.alloc(32, 5));
    expect(() => unseal(sealed, secretOf("wrong"))).toThrow(wrong);
    const changed = { ...sealed, ciphertext: `${sealed.ciphertext.slice(0, -2)}00` } as Sealed;
    expect(() => unseal(changed, secretOf(testPassword))).toThrow(wrong);
  });
});

describe("seal()", () => {
  test("seal() leaves key and password to the caller", () => {
    const secrets = { key: keyOf(testKey), password: secretOf(testPassword) };
    const random = { salt: new Uint8Array(32), iv: new Uint8Array(16) };
    seal(secrets, { kdf: cheapKdf, ...random });
    expect([hexOf(secrets.key), hexOf(secrets.password)]).toEqual([
      testKey,
      Buffer.from(testPassword).toString("hex"),
    ]);
  });

  test("seal() shows nothing of the key in the clear", () => {
    expect(JSON.stringify(sealedKey())).not.toContain(testKey);
  });
});
