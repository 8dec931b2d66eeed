import { instantiateSecp256k1, type Secp256k1 } from "@bitauth/libauth";
import { toHex } from "@cleft/protocol/hex.ts";
import { type Address, addressOfPublicKey } from "../domain/address.ts";
import type { Signature } from "../domain/signature.ts";
import { recoverAccount } from "./recover.ts";

/** secp256k1 by two libraries: one signs, the other says who must have signed. */
export interface Curve {
  /** The account of a private key (32 bytes), or undefined if the number is no valid key. */
  accountOf(key: Uint8Array): Address | undefined;
  /** Signs a digest (32 bytes): RFC 6979, low s. */
  sign(key: Uint8Array, digest: Uint8Array): Signature;
  /** The account whose key made a signature, by the second library; undefined if nobody's did. */
  recover(digest: Uint8Array, signature: Signature): Address | undefined;
}

/** Loads both libraries. */
export async function loadCurve(): Promise<Curve> {
  const first = await instantiateSecp256k1();
  return {
    accountOf(key) {
      if (key.length !== 32 || !first.validatePrivateKey(key)) return undefined;
      const publicKey = first.derivePublicKeyUncompressed(key);
      return typeof publicKey === "string" ? undefined : addressOfPublicKey(publicKey);
    },
    sign: (key, digest) => sign(first, { key, digest }),
    recover: (digest, { r, s, yParity }) =>
      recoverAccount(digest, { rs: Buffer.from(r.slice(2) + s.slice(2), "hex"), yParity }),
  };
}

function sign(
  first: Secp256k1,
  { key, digest }: { key: Uint8Array; digest: Uint8Array },
): Signature {
  const signed = first.signMessageHashRecoverableCompact(key, digest);
  if (typeof signed === "string") throw new Error(signed);
  const { signature, recoveryId } = signed;
  if (recoveryId !== 0 && recoveryId !== 1) throw new Error("the signature has no parity");
  return {
    r: toHex(signature.subarray(0, 32)),
    s: toHex(signature.subarray(32)),
    yParity: recoveryId,
  };
}
