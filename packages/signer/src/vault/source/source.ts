import type { Approved } from "../../approval/decide.ts";
import type { Account } from "../../domain/account.ts";
import type { Address } from "../../domain/address.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Signature } from "../../domain/signature.ts";

/**
 * Wraps what changes a key's file or lets it out: called once the new file is encrypted and known to
 * be readable, it records the act and then lets `effect` write.
 */
export type Recording = <T>(account: Address, effect: () => Promise<T>) => Promise<T>;

/** Port: where new keys are made. */
export interface KeyMaker {
  /** `begin` is called right before the key is made and may refuse. Takes the password over. */
  create(password: Secret, recording: Recording, begin: () => void): Promise<Account>;
}

/** Port: a place that holds keys. No key ever leaves it in the clear. */
export interface KeySource {
  accounts(): Promise<readonly Account[]>;
  /**
   * Signs keccak-256 of the approved preimage and takes the opening over. It calls `redeem` as the
   * last thing before the key is touched, after all waiting.
   * @throws Failure `account.unknown`, `password.wrong`, `keyfile.refused`, `unlock.ended`,
   *   `vault.failed`
   */
  sign(job: {
    readonly approved: Approved;
    readonly account: Account;
    readonly opening: Opening;
    readonly redeem: () => void;
  }): Promise<Signature>;
  /**
   * Decrypts a key and keeps it under `grant`. `begin` is called right before and may refuse. Takes
   * the password over.
   * @throws the same
   */
  unlock(job: {
    readonly account: Account;
    readonly password: Secret;
    readonly grant: string;
    readonly begin: () => void;
  }): Promise<void>;
  /** Wipes a key that {@link KeySource.unlock} kept. */
  forget(grant: string): void;
}

/** What opens a key: its password, or a grant under which it waits decrypted. */
export type Opening = { readonly password: Secret } | { readonly grant: string };
