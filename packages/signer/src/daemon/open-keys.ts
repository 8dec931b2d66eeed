import { randomUUID } from "node:crypto";
import { limits } from "../domain/limits.ts";
import type { ActEntry } from "../ledger/record.ts";
import { lightKdf, standardKdf } from "../vault/kdf.ts";
import { type ForeignKeyFile, parseForeignKeyFile } from "../vault/keyfile.ts";
import { Keystore } from "../vault/source/keystore.ts";
import { Vault } from "../vault/vault.ts";
import { VaultWorker } from "../vault/vault-worker.ts";
import type { Config } from "./config.ts";
import { newStore } from "./open-files.ts";
import { ActRecorder, checkLedger } from "./operator/acts.ts";
import { type KeyFacts, keyFactsOf } from "./operator/key-facts.ts";
import { Labels } from "./operator/labels.ts";
import { Steward } from "./operator/steward.ts";
import type { KeyPowers, Run } from "./powers.ts";

/** THE LIST of places that hold keys, behind the vault, and its worker. */
export async function openVault(config: Config, run: Run): Promise<Vault> {
  const worker = new VaultWorker(run);
  run.cleanups.add(() => worker.stop());
  await worker.start();
  const keystore = openKeystore(config, run, worker);
  const generation = () => run.lifecycle.generation;
  const parts = { clock: run.clock, generation, newId: randomUUID };
  return new Vault({ sources: [keystore], maker: keystore }, parts);
}

/** What commands need of the keys. */
export interface OpenKeys {
  /** For looking only. */
  readonly keystore: Pick<Keystore, "accounts" | "only" | "ownerOf" | "checkNewKey" | "checkNew">;
  readonly labels: Labels;
  /** The only way to change anything. */
  readonly steward: Steward;
  /**
   * Looks whether the ledger verifies, before anybody types a password for nothing.
   * @throws Failure `ledger.broken`, `store.…`
   */
  checkLedger(): Promise<void>;
  /** What is known of each key file without its password. */
  describe(): Promise<readonly KeyFacts[]>;
  /** Reads a key file that lies anywhere; undefined if there is none. @throws Failure `keyfile.refused`, `store.…` */
  readKeyFile(path: string): Promise<ForeignKeyFile | undefined>;
  /** Makes a private file. @throws Failure `store.refused` if it exists */
  createFile(path: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The keys alone, for commands. Call `close` in the end. */
export function openKeys(
  config: Pick<Config, "keystore" | "kdf" | "configDir">,
  powers: KeyPowers,
): OpenKeys {
  const { clock, log } = powers;
  const { configDir } = config;
  const store = newStore();
  const worker = new VaultWorker(powers);
  const keystore = openKeystore(config, powers, worker);
  const labels = new Labels({ configDir, store });
  const recorder = new ActRecorder({ configDir, store, clock });
  const record = (entry: ActEntry) => recorder.record(entry);
  const parts = { keystore, labels, record, log, randomUuid: randomUUID, caller: "cli" } as const;
  return {
    keystore,
    labels,
    steward: new Steward(parts),
    checkLedger: () => checkLedger({ configDir, store }),
    describe: async () => keyFactsOf(await keystore.files()),
    async readKeyFile(path) {
      const bytes = await store.read(path, { bytesMax: limits.keyFileBytesMax, private: false });
      return bytes === undefined ? undefined : parseForeignKeyFile(bytes);
    },
    createFile: (path, bytes) => store.create(path, bytes),
    close: async () => {
      await recorder.close().finally(() => worker.stop());
    },
  };
}

function openKeystore(
  { keystore, kdf }: Pick<Config, "keystore" | "kdf">,
  { clock, log }: KeyPowers,
  worker: VaultWorker,
): Keystore {
  const strength = kdf === "light" ? lightKdf : standardKdf;
  return new Keystore({ folder: keystore, kdf: strength, store: newStore(), worker, clock, log });
}
