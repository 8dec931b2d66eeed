import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { Failure, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import { Ledger } from "../ledger/ledger.ts";
import { plainStore } from "../store/plain.ts";
import type { Store } from "../store/store.ts";
import { Audit } from "./audit/audit.ts";
import { AuditLog, auditLogRules } from "./audit/audit-log.ts";
import type { Config } from "./config.ts";
import { Labels } from "./operator/labels.ts";
import type { Run } from "./powers.ts";
import { type LabelBook, labelBook } from "./request/label-book.ts";

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

/**
 * The readable audit log, which may be off. Whoever names one relies on it, so one that can't be opened
 * ends the start, as it did with Clef; later on a disk that refuses it is a warning.
 * @throws Failure `store.…`
 */
export async function openAuditLog(
  { auditLog }: Pick<Config, "auditLog">,
  { clock, log, cleanups }: Pick<Run, "clock" | "log" | "cleanups">,
): Promise<AuditLog> {
  const path = auditLog === "off" ? "" : auditLog;
  const store = newStore();
  // Nothing is added, but it is opened and looked at as for every line.
  if (path !== "") await store.append(path, new Uint8Array(), auditLogRules).catch(unopened(path));
  const opened = new AuditLog(path, { store, clock, log });
  cleanups.add(() => opened.close());
  return opened;
}

function unopened(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Failure)) throw error;
    const isAbsent = systemCode(error.cause) === "ENOENT";
    const { hint = "name another file, or none: --auditlog=" } = error;
    throw new Failure(
      error.code,
      isAbsent ? `open ${path}: no such file or directory` : error.message,
      {
        hint: isAbsent ? `make its folder: mkdir -p -m 700 ${dirname(path)}` : hint,
        cause: error,
      },
    );
  };
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
