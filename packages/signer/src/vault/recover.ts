import { recover } from "tiny-secp256k1";
import { type Address, addressOfPublicKey } from "../domain/address.ts";

/**
 * The account whose key made a signature over a digest (32 bytes), by the library that doesn't sign.
 * Undefined if no key can have made it. Nothing here is secret.
 */
export function recoverAccount(
  digest: Uint8Array,
  { rs, yParity }: { readonly rs: Uint8Array; readonly yParity: 0 | 1 },
): Address | undefined {
  try {
    const publicKey = recover(digest, rs, yParity, false);
    return publicKey === null ? undefined : addressOfPublicKey(publicKey);
  } catch {
    // The library throws for numbers that are no part of a signature.
    return undefined;
  }
}
