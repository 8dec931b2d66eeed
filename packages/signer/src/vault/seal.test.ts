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
      kdf: { n: 262144, r: 1, p: 8 },
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
