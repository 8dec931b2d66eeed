import type { Account } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Secret } from "../domain/secret.ts";
import type { ForeignKeyFile } from "../vault/keyfile.ts";
import type { Keystore, Passwords } from "../vault/source/keystore.ts";
import type { Audit } from "../vault/source/source.ts";
import type { ActEntry } from "./acts.ts";
import type { Label, Labels } from "./labels.ts";

export interface StewardParts {
  readonly keystore: Keystore;
  readonly labels: Labels;
  /** Writes an act into the ledger. */
  readonly record: (entry: ActEntry) => Promise<void>;
  readonly log: Log;
  readonly randomUuid: () => string;
  /** Who does it, as the ledger names them. */
  readonly caller: "cli";
}

/**
 * THE TABLE of what the operator may do to keys. Each act is recorded and synced before it takes
 * effect: for an export or a new password the old state can't be had back, and of a new key nothing
 * is lost yet, because its file isn't there. So an act without a record can't be; a record whose act
 * failed can, and is followed by a refusal. Every call takes its secrets over.
 */
export class Steward {
  private readonly parts: StewardParts;

  constructor(parts: StewardParts) {
    this.parts = parts;
  }

  /** Makes a key and its file. @throws Failure `ledger.…`, `store.…`, `vault.failed` */
  createAccount(password: Secret): Promise<Account> {
    const { keystore } = this.parts;
    return wiping([password], () => keystore.create(password, this.audit("newaccount")));
  }

  /** Encrypts a private key into a new file. @throws Failure as {@link Keystore.import} */
  importRawKey(secrets: { readonly key: Secret; readonly password: Secret }): Promise<Account> {
    const { keystore } = this.parts;
    return wiping(Object.values(secrets), () => keystore.import(secrets, this.audit("importraw")));
  }

  /** Takes a key file from elsewhere in. @throws Failure as {@link Keystore.importFile} */
  importKeyFile(file: ForeignKeyFile, passwords: Passwords): Promise<Account> {
    const audit = this.audit("account import");
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () => keystore.importFile(file, passwords, audit));
  }

  /** Gives an encrypted copy of a key out. @throws Failure as {@link Keystore.export} */
  exportKeyFile(to: Parameters<Keystore["export"]>[0], passwords: Passwords): Promise<void> {
    const audit = this.audit("account export");
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () => keystore.export(to, passwords, audit));
  }

  /** Encrypts a key anew, in place. @throws Failure as {@link Keystore.changePassword} */
  changePassword(account: Address, passwords: Passwords): Promise<void> {
    const audit = this.audit("account passwd");
    const { keystore } = this.parts;
    return wiping(Object.values(passwords), () =>
      keystore.changePassword(account, passwords, audit),
    );
  }

  /** Names an account, or takes its name away. @throws Failure as {@link Labels.set} */
  setLabel(account: Address, label: Label): Promise<void> {
    const { labels } = this.parts;
    return this.audit("account label")(account, () => labels.set(account, label));
  }

  private audit(method: string): Audit {
    return async (account, effect) => {
      const { record, randomUuid, caller } = this.parts;
      const asked = { request: randomUuid(), caller, method, account };
      await record({ ...asked, type: "act" });
      try {
        return await effect();
      } catch (error) {
        if (error instanceof Failure) await this.recordFailure(asked, error);
        throw error;
      }
    };
  }

  /** The operator hears of the failure itself; that this is not recorded as well is a second one. */
  private async recordFailure(
    asked: Omit<Extract<ActEntry, { type: "act" }>, "type">,
    { code }: Failure,
  ): Promise<void> {
    const { record, log } = this.parts;
    await record({ ...asked, type: "refusal", failure: code }).catch((error: unknown) =>
      log.error("A failed act could not be recorded", { reason: messageOf(error) }),
    );
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
