import { parseJson } from "@cleft/protocol/json.ts";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { parseSignedAuthorization } from "../../signable/authorization.ts";
import { loadAuthorityOf } from "./authority.ts";

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const authorityOf = await loadAuthorityOf();

/** An authorization that viem signed, as it stands in a request, with changes. */
async function signed(chainId: number, changes: object = {}) {
  const contractAddress = "0x63c0c19a282a1b52b07dd5a65b58948a07dae32b";
  const one = await account.signAuthorization({ chainId, contractAddress, nonce: 7 });
  const wire = {
    ...{ chainId: `0x${chainId.toString(16)}`, address: contractAddress, nonce: "0x7" },
    ...{ yParity: `0x${one.yParity}`, r: one.r, s: one.s, ...changes },
  };
  const json = parseJson(JSON.stringify(wire), { depthMax: 4, valuesMax: 100 });
  return { ...parseSignedAuthorization(json, "a"), s: BigInt(one.s), parity: one.yParity };
}

test.each([0, 1, 2 ** 40])("authorityOf() finds who signed for chain %i", async (chainId) => {
  expect(authorityOf(await signed(chainId))).toBe(account.address.toLowerCase());
});

test("authorityOf() finds nobody behind another nonce, a high s or no signature", async () => {
  expect(authorityOf(await signed(1, { nonce: "0x8" }))).not.toBe(account.address.toLowerCase());
  expect(authorityOf(await signed(1, { r: "0x0" }))).toBeUndefined();
  const { s, parity } = await signed(1);
  const high = { s: `0x${(order - s).toString(16)}`, yParity: parity === 0 ? "0x1" : "0x0" };
  expect(authorityOf(await signed(1, high))).toBeUndefined();
});
