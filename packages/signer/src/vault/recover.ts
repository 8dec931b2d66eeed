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
  } catch (error) {
    // The library throws at numbers that are no signature, such as an r that is no x of the curve.
    if (error instanceof Error && error.message === "Expected Signature") return undefined;
    throw error;
  }
}
