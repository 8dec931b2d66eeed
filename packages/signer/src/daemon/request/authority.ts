import { keccak_256 } from "@noble/hashes/sha3.js";
import type { AuthorityOf } from "../../inspect/inspect.ts";
import { authorizationPreimage } from "../../signable/authorization.ts";

/** Half of the curve's order: a signature above it doesn't count (EIP-2, EIP-7702). */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * How to find the account whose key signed an authorization, as the network does. The library is
 * loaded when it is needed: most signers never see an authorization.
 */
export async function loadAuthorityOf(): Promise<AuthorityOf> {
  const { recoverAccount } = await import("../../vault/recover.ts");
  return (authorization) => {
    const { r, s, yParity } = authorization.signature;
    if (BigInt(s) > halfOrder) return undefined;
    const digest = keccak_256(authorizationPreimage(authorization));
    const rs = Buffer.from(r.slice(2) + s.slice(2), "hex");
    return recoverAccount(digest, { rs, yParity });
  };
}
