import { toHex } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import { hashAuthorization as ethersHash } from "ethers";
import fc from "fast-check";
import { hashAuthorization } from "viem/utils";
import { expect, test } from "vitest";
import { addressOf } from "../domain/fakes.ts";
import { hashOf } from "../domain/hash.ts";
import { authorizationPreimage, parseAuthorization } from "./authorization.ts";

const from = addressOf("a");
const base = { from, chainId: "0x1", address: addressOf("d"), nonce: "0x7" };
const parse = (changes: object = {}) =>
  parseAuthorization(
    parseJson(JSON.stringify({ ...base, ...changes }), { depthMax: 4, valuesMax: 100 }),
  );

test("authorizationPreimage() has the hash that viem and ethers find", () => {
  const word = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
  const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(word, word, bytes, (chainId, nonce, delegate) => {
      const address = toHex(delegate);
      const quantities = { chainId: `0x${chainId.toString(16)}`, nonce: `0x${nonce.toString(16)}` };
      const own = hashOf(authorizationPreimage(parse({ ...quantities, address })));
      const numbers = { chainId: Number(chainId), nonce: Number(nonce) };
      expect(own).toBe(hashAuthorization({ ...numbers, contractAddress: address }));
      expect(own).toBe(ethersHash({ chainId, nonce, address }));
    }),
  );
});

test.each([
  ["from", undefined],
  ["from", null],
  ["chainId", undefined],
  ["chainId", 1],
  ["address", undefined],
  ["address", ""],
  ["nonce", undefined],
  ["nonce", "0x07"],
  ["Nonce", "0x7"],
  ["delegate", from],
  ["yParity", "0x0"],
])("parseAuthorization() names %s when it is %j", (name, value) => {
  expect(() => parse({ [name]: value })).toThrow(`invalid argument 0: field "${name}"`);
});

test.each([null, [], "0x", 1])("parseAuthorization() refuses %j for an object", (value) => {
  const json = parseJson(JSON.stringify(value), { depthMax: 4, valuesMax: 9 });
  expect(() => parseAuthorization(json)).toThrow("invalid argument 0: expected an object");
});
