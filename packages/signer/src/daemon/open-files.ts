import { randomBytes } from "node:crypto";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import { Ledger } from "../ledger/ledger.ts";
import { plainStore } from "../store/plain.ts";
import type { Store } from "../store/store.ts";
import { Audit } from "./audit.ts";
import { AuditLog } from "./audit-log.ts";
import type { Config } from "./config.ts";
import { type LabelBook, labelBook } from "./label-book.ts";
import { Labels } from "./labels.ts";
import type { Run } from "./powers.ts";

/** The store, as Clef lays files out. */
export function newStore(): Store {
  return plainStore({ random: (bytes) => randomBytes(bytes).toString("hex") });
}

/** The ledger, for writing. The folder is locked. @throws Failure `ledger.…`, `store.…` */
export async function openLedger({ configDir }: Config, run: Run): Promise<Ledger> {
  const ledger = await Ledger.open(configDir, { store: newStore(), clock: run.clock });
  run.cleanups.add(() => ledger.close());
  for (const request of ledger.open) {
    run.log.warn("A request was cut off by a crash, it counts as signed", { request });
  }
  return ledger;
}

/** The readable audit log, which may be off. */
export function openAuditLog({ auditLog }: Config, { clock, log, cleanups }: Run): AuditLog {
  const path = auditLog === "off" ? "" : auditLog;
  const opened = new AuditLog(path, { store: newStore(), clock, log });
  cleanups.add(() => opened.close());
  return opened;
}

/** The ledger of a folder for those who only read it, also while a daemon writes to it. */
export function openAudit(folder: string): Audit {
  return new Audit(folder, newStore());
}

/** The operator's names of accounts in a folder, for a screen; none if they can't be read. */
export function openLabels(folder: string, log: Log): LabelBook {
  return labelBook(new Labels({ configDir: folder, store: newStore() }), log);
}

/** The bytes of cleft.toml, which others may read but not write; undefined if there is none. */
export function readSettingsFile(path: string): Promise<Uint8Array | undefined> {
  return newStore().read(path, { bytesMax: limits.settingsFileBytesMax, private: "readable" });
}
