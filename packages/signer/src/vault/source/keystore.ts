import { join } from "node:path";
import { type Account, noKeyFor, pathOf, tooManyKeysFor, urlOf } from "../../domain/account.ts";
import { type Address, checksummed } from "../../domain/address.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Signature } from "../../domain/signature.ts";
import type { Store } from "../../store/store.ts";
import type { NewKey } from "../job.ts";
import type { ScryptParams } from "../kdf.ts";
import { type ForeignKeyFile, keyFileName, type Sealed } from "../keyfile.ts";
import type { VaultWorker } from "../vault-worker.ts";
import { type FiledKey, KeyFolder } from "./folder.ts";
import type { KeyMaker, KeySource, Recording } from "./source.ts";

export interface KeystoreParts {
  readonly folder: string;
  /** Strength of new key files. */
  readonly kdf: ScryptParams;
  readonly store: Store;
  readonly worker: VaultWorker;
  readonly clock: Clock;
  readonly log: Log;
}

/** The password that opens a key file, and the one that its key gets. */
export interface Passwords {
  readonly password: Secret;
  readonly newPassword: Secret;
}

/** go-ethereum's keystore directory, read and written in place. Any file name is read. */
export class Keystore implements KeySource, KeyMaker {
  private readonly parts: KeystoreParts;
  private readonly folder: KeyFolder;

  constructor(parts: KeystoreParts) {
    this.parts = parts;
    this.folder = new KeyFolder(parts);
  }

  async accounts(): Promise<readonly Account[]> {
    const files = await this.folder.files();
    return files.map(({ path, keyFile }) => ({
      address: keyFile.address,
      url: urlOf(path),
    }));
  }

  /** All key files, for a person to look at. */
  files(): Promise<readonly FiledKey[]> {
    return this.folder.files();
  }

  async sign({
    approved,
    account,
    opening,
    redeem,
  }: Parameters<KeySource["sign"]>[0]): Promise<Signature> {
    const { worker } = this.parts;
    const { preimage } = approved;
    const sealed = await this.sealedKey(account);
    if ("grant" in opening) {
      const { grant } = opening;
      const job = { kind: "sign-unlocked", account: account.address, preimage, grant } as const;
      return worker.run<"sign-unlocked">(job, redeem);
    }
    const job = { kind: "sign", account: account.address, sealed, preimage } as const;
    return worker.run<"sign">({ ...job, password: opening.password.surrender() }, redeem);
  }

  async unlock(unlocking: Parameters<KeySource["unlock"]>[0]): Promise<void> {
    const { account, password, grant, begin } = unlocking;
    const sealed = await this.sealedKey(account);
    const job = { kind: "unlock", account: account.address, sealed, grant } as const;
    await this.parts.worker.run<"unlock">({ ...job, password: password.surrender() }, begin);
  }

  forget(grant: string): void {
    // A worker that is gone has nothing left to forget.
    void this.parts.worker.run<"forget">({ kind: "forget", grant }).catch(() => undefined);
  }

  private async sealedKey({ address, url }: Account): Promise<Sealed> {
    const keyFile = await this.folder.read(pathOf(url));
    if (keyFile?.address === address) return keyFile.sealed;
    throw new Failure("account.unknown", `the key file ${url} is gone`);
  }

  async create(password: Secret, recording: Recording, begin?: () => void): Promise<Account> {
    const { worker, kdf } = this.parts;
    const job = { kind: "create", kdf, password: password.surrender() } as const;
    return this.keep(await worker.run<"create">(job, begin), recording);
  }

  /**
   * Whose key a key file holds, if the password opens it; the password stays the caller's.
   * @throws Failure `password.wrong`, `keyfile.refused`
   */
  ownerOf({ address: account, sealed }: ForeignKeyFile, password: Secret): Promise<Address> {
    const job = { kind: "check", account, sealed, password: password.copy().surrender() } as const;
    return this.parts.worker.run<"check">(job);
  }

  /**
   * Refuses a key that is no key, or is there already; it stays the caller's.
   * @throws Failure `key.invalid`, `key.exists`
   */
  async checkNewKey(key: Secret): Promise<void> {
    const job = { kind: "identify", key: key.copy().surrender() } as const;
    await this.checkNew(await this.parts.worker.run<"identify">(job));
  }

  /**
   * Encrypts a key into a new file. Takes both secrets over.
   * @throws Failure `key.invalid`, `key.exists`
   */
  async import(
    { key, password }: { key: Secret; password: Secret },
    recording: Recording,
  ): Promise<Account> {
    const { worker, kdf } = this.parts;
    const secrets = { password: password.surrender(), key: key.surrender() };
    const made = await worker.run<"import">({ kind: "import", kdf, ...secrets });
    await this.checkNew(made.address);
    return this.keep(made, recording);
  }

  /**
   * Encrypts the key of a key file from elsewhere into a new file. Takes both passwords over.
   * @throws Failure `password.wrong`, `keyfile.refused`, `key.invalid`, `key.exists`
   */
  async importFile(
    { address, sealed }: ForeignKeyFile,
    passwords: Passwords,
    recording: Recording,
  ): Promise<Account> {
    const made = await this.reseal(address, sealed, passwords);
    await this.checkNew(made.address);
    return this.keep(made, recording);
  }

  /**
   * Encrypts an account's key under another password and gives `write` the file; the one in the
   * keystore stays as it is. Takes both passwords over.
   * @throws Failure `account.unknown`, `account.ambiguous`, `password.wrong`, `keyfile.refused`
   */
  async export(
    { account, write }: { account: Address; write: (file: Uint8Array) => Promise<void> },
    passwords: Passwords,
    recording: Recording,
  ): Promise<void> {
    const { keyFile } = await this.only(account);
    const { file } = await this.reseal(account, keyFile.sealed, passwords);
    await recording(account, () => write(file));
  }

  /**
   * Encrypts an account's key under another password and replaces its file in one step: at any time
   * there is the old file or the new one. Takes both passwords over.
   * @throws Failure as {@link Keystore.export}, and `store.refused` if somebody else changed the file
   */
  async changePassword(
    account: Address,
    passwords: Passwords,
    recording: Recording,
  ): Promise<void> {
    const { path, keyFile } = await this.only(account);
    const { file } = await this.reseal(account, keyFile.sealed, passwords);
    await recording(account, async () => {
      const now = await this.folder.read(path);
      if (now?.sealed.mac !== keyFile.sealed.mac) {
        throw new Failure("store.refused", `${path} was changed in the meantime`);
      }
      await this.parts.store.replace(path, file);
    });
  }

  /**
   * The one key file of an account.
   * @throws Failure `account.unknown`, `account.ambiguous`
   */
  async only(account: Address): Promise<FiledKey> {
    const files = await this.folder.files();
    const [one, ...others] = files.filter(({ keyFile }) => keyFile.address === account);
    if (one === undefined) throw noKeyFor(account);
    if (others.length > 0) throw tooManyKeysFor(account, others.length + 1);
    return one;
  }

  /** Refuses an account that is there. @throws Failure `key.exists` */
  async checkNew(account: Address): Promise<void> {
    if (!(await this.accounts()).some(({ address }) => address === account)) return;
    throw new Failure("key.exists", `account ${checksummed(account)} already exists`, {
      hint: "cleft account show says where its key file is",
    });
  }

  private reseal(
    account: Address | undefined,
    sealed: ForeignKeyFile["sealed"],
    { password, newPassword }: Passwords,
  ): Promise<NewKey> {
    const { worker, kdf } = this.parts;
    const secrets = { password: password.surrender(), newPassword: newPassword.surrender() };
    return worker.run<"reseal">({ kind: "reseal", account, sealed, kdf, ...secrets });
  }

  private async keep({ address, file }: NewKey, recording: Recording): Promise<Account> {
    const { folder, store, clock } = this.parts;
    const nanos = Number(process.hrtime.bigint() % 1_000_000n);
    const path = join(folder, keyFileName(address, { atMs: clock.now(), nanos }));
    await recording(address, () => store.create(path, file));
    return { address, url: urlOf(path) };
  }
}
