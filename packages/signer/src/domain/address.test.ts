import fc from "fast-check";
import { getAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import {
  addressOfPublicKey,
  checksummed,
  parseAddress,
  spellingOf,
  zeroAddress,
} from "./address.ts";

const right = "0x52908400098527886E0F7030069857D2E4169EE7";
const mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const digits = mixed.slice(2);

function spell(text: string) {
  const address = parseAddress(text);
  return address === undefined ? "refused" : spellingOf(text, address);
}

test.each([
  ["nothing", ""],
  ["only a prefix", "0x"],
  ["39 digits", `0x${digits.slice(1)}`],
  ["41 digits", `0x${digits}0`],
  ["no prefix", digits],
  ["a prefix without zero", `x${digits}`],
  ["a blank in front", ` 0x${digits}`],
  ["a newline behind", `0x${digits}\n`],
  ["a letter beyond f", `0x${digits.slice(1)}g`],
  ["a zero-width space", `0x\u200b${digits.slice(1)}`],
  ["a full-width digit", `0x${digits.slice(1)}\uff11`],
  ["an ICAP address", "XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS"],
  ["a name", "vitalik.eth"],
  ["a huge text", `0x${"0".repeat(5_000_000)}`],
])("parseAddress() refuses %s", (_name, text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each([mixed, mixed.toLowerCase(), `0x${digits.toUpperCase()}`, `0X${digits.toUpperCase()}`])(
  "parseAddress() reads %s as one lower-case address",
  (text) => {
    expect(parseAddress(text)).toBe(mixed.toLowerCase());
  },
);

test("checksummed() agrees with viem's getAddress on every address", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const text = `0x${Buffer.from(bytes).toString("hex")}` as const;
      const address = parseAddress(text);
      expect(address !== undefined && checksummed(address)).toBe(getAddress(text));
    }),
  );
});

test.each([
  right,
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
  "0xde709f2102306220921060314715629080e2fb77",
  "0x27b1fdb04752bbc536007a920d24acb045561c26",
  mixed,
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  zeroAddress,
])("spellingOf() calls EIP-55's %s checksummed", (text) => {
  expect(spell(text)).toBe("checksummed");
});

test.each([
  ["all lower case", `0x${digits.toLowerCase()}`, "unchecksummed"],
  ["all upper case", `0x${digits.toUpperCase()}`, "unchecksummed"],
  ["all upper case behind 0X", `0X${digits.toUpperCase()}`, "unchecksummed"],
  ["one capital flipped", mixed.replace("aA", "aa"), "wrong"],
  ["all capitals flipped", mixed.replace(/[a-f]/gi, flipped), "wrong"],
  ["the right capitals behind 0X", `0X${digits}`, "wrong"],
])("spellingOf() judges %s", (_name, text, spelling) => {
  expect(spell(text)).toBe(spelling);
});

test("spellingOf() calls a mixed-case text checksummed only if viem writes it so", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (capitals) => {
      const cased = [...digits].map((digit, at) =>
        capitals[at] ? digit.toUpperCase() : digit.toLowerCase(),
      );
      const text = `0x${cased.join("")}`;
      expect(spell(text) === "checksummed").toBe(text === mixed);
    }),
  );
});

test("addressOfPublicKey() agrees with viem's account of the same key", () => {
  const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const publicKey = Buffer.from(account.publicKey.slice(2), "hex");
  expect(addressOfPublicKey(publicKey)).toBe(account.address.toLowerCase());
});

function flipped(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}
