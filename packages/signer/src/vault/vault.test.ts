import { expect, test } from "vitest";
import { addressOfPublicKey } from "../domain/address.ts";
import { toRpcError } from "../domain/failure.ts";
import type { KeySource } from "./source/source.ts";
import { Vault } from "./vault.ts";

const address = addressOfPublicKey(new Uint8Array(65));
const clock = { now: () => 0, after: () => () => undefined };

function sourceOf(...urls: string[]): KeySource {
  return {
    accounts: async () => urls.map((url) => ({ address, url })),
    sign: () => Promise.reject(new Error("not asked")),
  };
}

test("find() refuses an address with two key files, and the caller learns no path", async () => {
  const vault = new Vault([sourceOf("keystore:///secret/a", "keystore:///secret/b")], { clock });
  const failure = await vault.find(address).then(
    () => undefined,
    (error) => error,
  );
  expect(failure).toMatchObject({ code: "account.ambiguous" });
  expect(toRpcError(failure)).toEqual({ code: -32000, message: "multiple keys match address" });
});

test("find() refuses an address without a key, and takes one with exactly one", async () => {
  await expect(new Vault([sourceOf()], { clock }).find(address)).rejects.toMatchObject({
    code: "account.unknown",
  });
  await new Vault([sourceOf("keystore:///a")], { clock }).find(address);
});
