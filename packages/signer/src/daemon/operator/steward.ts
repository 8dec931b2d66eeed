import type { Account } from "../../domain/account.ts";
import type { Address } from "../../domain/address.ts";
import type { Secret } from "../../domain/secret.ts";
import type { ActDetails } from "../../ledger/record.ts";
import type { ForeignKeyFile } from "../../vault/keyfile.ts";
import type { Keystore, Passwords } from "../../vault/source/keystore.ts";
import type { Recording } from "../../vault/source/source.ts";
import type { Label, Labels } from "./labels.ts";
import { type RecordedParts, recorded } from "./recorded.ts";

export interface StewardParts extends RecordedParts {
  readonly keystore: Keystore;
  readonly labels: Labels;
  /** Who does it, as the ledger names them. */
  readonly caller: "cli";
}

/**
 * THE TABLE of what the operator may do to keys. Each act is recorded and synced before it takes
 * effect: for an export or a new password the old state can't be had back, and of a new key nothing
 * is lost yet, because its file isn't there. So an act without a record can't be; a record whose act
 * failed can, and is followed by a refusal; one that took effect is followed by a `done`. Every call
 * takes its secrets over.
 */
export class Steward {
  private readonly parts: StewardParts;

  constructor(parts: StewardParts) {
    this.parts = parts;
  }

  /** Makes a key and its file. @throws Failure `ledger.…`, `store.…`, `vault.failed` */
  createAccount(password: Secret): Promise<Account> {
    const { keystore } = this.parts;
    return wiping([password], () => keystore.create(password, this.recording("newaccount")));
  }

  /** Encrypts a private key into a new file. @throws Failure as {@link Keystore.import} */
  importRawKey(secrets: { readonly key: Secret; readonly password: Secret }): Promise<Account> {
    const { keystore } = this.parts;
    return wiping(Object.values(secrets), () =>
      keystore.import(secrets, this.recording("importraw")),
    );
  }

  /** Takes a key file from elsewhere in. @throws Failure as {@link Keystore.importFile} */
  importKeyFile(file: ForeignKeyFile, passwords: Passwords): Promise<Account> {
    const recording = this.recording("account import");
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () => keystore.importFile(file, passwords, recording));
  }

  /**
   * Gives an encrypted copy of a key out. `file` says where `write` puts it: its absolute path, or
   * `stdout`.
   * @throws Failure as {@link Keystore.export}
   */
  exportKeyFile(
    { file, ...to }: Parameters<Keystore["export"]>[0] & { readonly file: string },
    passwords: Passwords,
  ): Promise<void> {
    const recording = this.recording("account export", { file });
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () => keystore.export(to, passwords, recording));
  }

  /** Encrypts a key anew, in place. @throws Failure as {@link Keystore.changePassword} */
  changePassword(account: Address, passwords: Passwords): Promise<void> {
    const recording = this.recording("account passwd");
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () =>
      keystore.changePassword(account, passwords, recording),
    );
  }

  /** Names an account, or takes its name away. @throws Failure as {@link Labels.set} */
  setLabel(account: Address, label: Label): Promise<void> {
    const { labels } = this.parts;
    return this.recording("account label", { label })(account, () => labels.set(account, label));
  }

  private recording(method: string, details: ActDetails = {}): Recording {
    const { caller } = this.parts;
    return (account, effect) =>
      recorded({ caller, method, account, ...details }, effect, this.parts);
  }
}

/** What moved to the worker is empty by then; what didn't is wiped. */
async function wiping<T>(secrets: readonly Secret[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    for (const secret of secrets) secret.wipe();
  }
}
