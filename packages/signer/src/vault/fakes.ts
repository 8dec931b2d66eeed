import { type Address, parseAddress } from "../domain/address.ts";
import { Secret } from "../domain/secret.ts";
import type { ScryptParams } from "./kdf.ts";
import type { Sealed } from "./keyfile.ts";
import { seal } from "./seal.ts";

/** The cheapest derivation there is: tests must be fast, not safe. */
export const cheapKdf: ScryptParams = { kind: "scrypt", n: 2, r: 1, p: 1 };

/** Account 0 of the well-known test phrase. */
export const testKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const testAccount: Address = parsed("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
export const testPassword = "password-0123456789";

function parsed(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}

export function secretOf(text: string): Secret {
  return Secret.taking(Buffer.from(text));
}

export function keyOf(hex: string): Secret {
  return Secret.taking(Buffer.from(hex, "hex"));
}

/** A key, encrypted with the test password. */
export function sealedKey(hex = testKey): Sealed {
  const secrets = { key: keyOf(hex), password: secretOf(testPassword) };
  const salt = new Uint8Array(32).fill(1);
  return seal(secrets, { kdf: cheapKdf, salt, iv: new Uint8Array(16).fill(2) });
}
