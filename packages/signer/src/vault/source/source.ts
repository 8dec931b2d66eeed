import type { Hex } from "@cleft/protocol/hex.ts";
import type { Account } from "../../domain/account.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Signature } from "../../domain/signature.ts";

/** Port: a place that holds keys. No key ever leaves it in the clear. */
export interface KeySource {
  accounts(): Promise<readonly Account[]>;
  /**
   * Signs keccak-256 of `preimage` and takes the password over.
   * @throws Failure `account.unknown`, `password.wrong`, `keyfile.refused`, `vault.failed`
   */
  sign(job: {
    readonly account: Account;
    readonly preimage: Hex;
    readonly password: Secret;
  }): Promise<Signature>;
}
