import { join } from "node:path";
import { type Account, pathOf, urlOf } from "../../domain/account.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { Secret } from "../../domain/secret.ts";
import type { Signature } from "../../domain/signature.ts";
import type { Store } from "../../store/store.ts";
import type { NewKey } from "../jobs.ts";
import {
  type KeyFile,
  keyFileName,
  parseKeyFile,
  type ScryptParams,
  type Sealed,
} from "../keyfile.ts";
import type { VaultWorker } from "../vault-worker.ts";
import type { KeyMaker, KeySource } from "./source.ts";

export interface KeystoreParts {
  readonly folder: string;
  /** Strength of new key files. */
  readonly kdf: ScryptParams;
  readonly store: Store;
  readonly worker: VaultWorker;
  readonly clock: Clock;
  readonly log: Log;
}

/** go-ethereum's keystore directory, read and written in place. Any file name is read. */
export class Keystore implements KeySource, KeyMaker {
  private readonly parts: KeystoreParts;
  /** What was read, so that a listing reads only what has changed. */
  private read = new Map<string, { stamp: string; keyFile: KeyFile | undefined }>();

  constructor(parts: KeystoreParts) {
    this.parts = parts;
  }

  async accounts(): Promise<readonly Account[]> {
    const files = await this.files();
    return files.map(({ path, keyFile }) => ({
      address: keyFile.address,
      url: urlOf(path),
    }));
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

  async unlock({ account, password, grant }: Parameters<KeySource["unlock"]>[0]): Promise<void> {
    const sealed = await this.sealedKey(account);
    const job = { kind: "unlock", account: account.address, sealed, grant } as const;
    await this.parts.worker.run<"unlock">({ ...job, password: password.surrender() });
  }

  forget(grant: string): void {
    // A worker that is gone has nothing left to forget.
    void this.parts.worker.run<"forget">({ kind: "forget", grant }).catch(() => undefined);
  }

  private async sealedKey({ address, url }: Account): Promise<Sealed> {
    const keyFile = await this.readKeyFile(pathOf(url));
    if (keyFile !== undefined && keyFile !== "unreadable" && keyFile.address === address) {
      return keyFile.sealed;
    }
    throw new Failure("account.unknown", `the key file ${url} is gone`);
  }

  async create(password: Secret, begin?: () => void): Promise<Account> {
    const { worker, kdf } = this.parts;
    const job = { kind: "create", kdf, password: password.surrender() } as const;
    return this.keep(await worker.run<"create">(job, begin));
  }

  /**
   * Encrypts a key into a new file. Takes both secrets over.
   * @throws Failure `key.invalid`, `key.exists`
   */
  async import({ key, password }: { key: Secret; password: Secret }): Promise<Account> {
    const { worker, kdf } = this.parts;
    const secrets = { password: password.surrender(), key: key.surrender() };
    const made = await worker.run<"import">({ kind: "import", kdf, ...secrets });
    if ((await this.accounts()).some(({ address }) => address === made.address)) {
      throw new Failure("key.exists", `account ${made.address} already exists`);
    }
    return this.keep(made);
  }

  private async keep({ address, file }: NewKey): Promise<Account> {
    const { folder, store, clock } = this.parts;
    const nanos = Number(process.hrtime.bigint() % 1_000_000n);
    const path = join(folder, keyFileName(address, { atMs: clock.now(), nanos }));
    await store.create(path, file);
    return { address, url: urlOf(path) };
  }

  private async files(): Promise<{ path: string; keyFile: KeyFile }[]> {
    const { folder, store, log } = this.parts;
    const listed = (await store.list(folder)).filter(({ name }) => !isIgnored(name));
    if (listed.length > limits.keyFilesMax) {
      log.warn("Too many files in the keystore, the rest is ignored", { max: limits.keyFilesMax });
    }
    const found: { path: string; keyFile: KeyFile }[] = [];
    const read: typeof this.read = new Map();
    for (const { name, stamp } of listed.slice(0, limits.keyFilesMax)) {
      const path = join(folder, name);
      const before = this.read.get(name);
      const keyFile = before?.stamp === stamp ? before.keyFile : await this.readKeyFile(path);
      if (keyFile === "unreadable") continue;
      read.set(name, { stamp, keyFile });
      if (keyFile !== undefined) found.push({ path, keyFile });
    }
    this.read = read;
    return found;
  }

  /**
   * A file that is no key file is skipped with a warning, once for each of its versions. One that
   * the system doesn't let us read now is tried again next time.
   */
  private async readKeyFile(path: string): Promise<KeyFile | undefined | "unreadable"> {
    const { store, log } = this.parts;
    try {
      const rules = { bytesMax: limits.keyFileBytesMax, private: false };
      const bytes = await store.read(path, rules);
      return bytes === undefined ? undefined : parseKeyFile(bytes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn("Skipping a file in the keystore", { path, reason: error.message });
      return error.code === "store.failed" ? "unreadable" : undefined;
    }
  }
}

/** Backups and temporary files, as go-ethereum ignores them. */
function isIgnored(name: string): boolean {
  return name.startsWith(".") || name.endsWith("~");
}
