import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { textPreimage } from "../../signable/text.ts";

/**
 * `account_ecRecover`: the account that signed a text. Nobody is asked, it is arithmetic.
 * @throws Failure `signature.refused` with Clef's text
 */
export async function recoverSigner({
  message,
  signature,
}: {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}): Promise<Address> {
  if (signature.length !== 65) refuse("signature must be 65 bytes long");
  const v = signature[64];
  if (v !== 27 && v !== 28) refuse("invalid Ethereum signature (V is not 27 or 28)");
  // Its library is loaded when it is needed: most signers never recover anything.
  const { recoverAccount } = await import("../../vault/recover.ts");
  const digest = keccak_256(textPreimage(message));
  const yParity = v === 27 ? 0 : 1;
  const account = recoverAccount(digest, { rs: signature.subarray(0, 64), yParity });
  return account ?? refuse("recovery failed");
}

function refuse(message: string): never {
  throw new Failure("signature.refused", message);
}
