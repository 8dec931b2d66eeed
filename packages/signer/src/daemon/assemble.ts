import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { externalApiVersion } from "@cleft/protocol/account.ts";
import { windowApiVersion } from "@cleft/protocol/window.ts";
import { Queue } from "../approval/queue.ts";
import type { Window } from "../approval/window.ts";
import { aborted } from "../domain/aborting.ts";
import type { Clock } from "../domain/clock.ts";
import { messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import { Ledger } from "../ledger/ledger.ts";
import { lockFolder } from "../store/lock.ts";
import { plainStore } from "../store/plain.ts";
import { httpTransport } from "../untrusted/transport/http.ts";
import { ipcTransport } from "../untrusted/transport/ipc.ts";
import type { Serve, Transport } from "../untrusted/transport/transport.ts";
import { lightKdf, standardKdf } from "../vault/kdf.ts";
import { type ForeignKeyFile, parseForeignKeyFile } from "../vault/keyfile.ts";
import { Keystore } from "../vault/source/keystore.ts";
import { Vault } from "../vault/vault.ts";
import { VaultWorker, type WorkerPowers } from "../vault/vault-worker.ts";
import { Channel } from "../window/channel.ts";
import { FullScreen } from "../window/full-screen.ts";
import type { Input } from "../window/input.ts";
import type { Keys } from "../window/keys.ts";
import { lineWindow } from "../window/line-mode.ts";
import { noWindow } from "../window/none.ts";
import type { WholeScreen } from "../window/screen.ts";
import { stdioWindow } from "../window/stdio.ts";
import { type ActEntry, recordAct } from "./acts.ts";
import { Audit } from "./audit.ts";
import { AuditLog } from "./audit-log.ts";
import type { Config } from "./config.ts";
import { openControl } from "./control.ts";
import { type KeyFacts, keyFactsOf } from "./key-facts.ts";
import { Labels } from "./labels.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Listings } from "./listings.ts";
import { Operator } from "./operator.ts";
import { serveWith } from "./serve.ts";
import { Steward } from "./steward.ts";

/** Ambient power of everything that touches keys. */
export interface KeyPowers extends WorkerPowers {
  readonly log: Log;
}

/** Ambient power of the daemon. */
export interface DaemonPowers extends KeyPowers {
  /** Where a person sits, unless there is none. */
  readonly terminal?: {
    readonly input: Input;
    /** Missing if the input is no keyboard. */
    readonly keys?: Keys;
    readonly screen: WholeScreen;
  };
  readonly stdio: {
    readonly input: AsyncIterable<Uint8Array>;
    readonly write: (line: string) => void;
  };
  /** Calls back whenever somebody wants the signer locked. */
  readonly onLock: (callback: () => void) => void;
  /** Aborted, with a Failure as reason, when somebody wants it to end. */
  readonly stop: AbortSignal;
}

/**
 * Serves until it is stopped, then ends cleanly: what is open is refused, the ledger closed, the
 * lock released.
 * @throws Failure when it can't start. A bug is thrown as it is, and the process should end.
 */
export async function runDaemon(config: Config, powers: DaemonPowers): Promise<void> {
  const { clock, log, stop } = powers;
  const lifecycle = new Lifecycle();
  const drain = () => lifecycle.drain(messageOf(stop.reason));
  stop.addEventListener("abort", drain, { once: true });
  if (stop.aborted) return;
  const generation = () => lifecycle.generation;
  const cleanups: (() => Promise<void>)[] = [];
  try {
    const lock = await lockFolder(config.configDir);
    cleanups.push(() => lock.release());
    const ledger = await openLedger(config, powers);
    cleanups.push(() => ledger.close());
    const auditLog = new AuditLog(config.auditLog === "off" ? "" : config.auditLog, {
      store: newStore(),
      clock,
      log,
    });
    cleanups.push(() => auditLog.close());
    const requests = new Set<Promise<unknown>>();
    cleanups.push(async () => void (await Promise.allSettled(requests)));
    const worker = new VaultWorker(powers);
    cleanups.push(() => worker.stop());
    await worker.start();
    const keystore = openKeystore(config, { clock, log, worker });
    const vault = new Vault(
      { sources: [keystore], maker: keystore },
      { clock, generation, newId: randomUUID },
    );
    const queue = new Queue(openWindow(config, powers, { lifecycle, cleanups }), {
      clock,
      approvalMs: config.approvalMs,
    });
    const listings = new Listings({ ttlMs: config.listingTtlMs, clock, generation });
    const bugs = new AbortController();
    const onBug = (bug: unknown) => bugs.abort(bug);
    const serve = serveWith(
      { judgeSettings: config, queue, ledger, vault, listings, clock, log, generation },
      { log, lifecycle, auditLog, onBug },
    );
    const tracked: Serve = (request) => {
      const served = serve(request).finally(() => requests.delete(served));
      requests.add(served);
      return served;
    };
    const endpoints = await openTransports(config, powers, tracked, cleanups);
    cleanups.push(async () => queue.close());
    lifecycle.ready();
    const since = new Date(clock.now()).toISOString();
    const operator = new Operator({
      ...{ lifecycle, queue, vault, ledger, randomUuid: randomUUID },
      facts: factsOf(config, { since, ...endpoints }),
    });
    powers.onLock(() => {
      operator
        .lock("signal")
        .catch((error: unknown) =>
          log.error("The lock could not be recorded", { reason: messageOf(error) }),
        );
    });
    const control = await openControl(config.configDir, operator, { clock, onBug });
    cleanups.push(() => control.close());
    queue.tell({ kind: "started", info: startupInfo(endpoints) });
    await aborted(AbortSignal.any([lifecycle.draining, bugs.signal]));
    if (bugs.signal.aborted) throw bugs.signal.reason;
    log.info("Shutting down", { reason: String(lifecycle.draining.reason) });
  } finally {
    lifecycle.drain("ending");
    stop.removeEventListener("abort", drain);
    // In reverse: questions are refused, connections and the worker end, what still runs is waited
    // for, and only then the ledger and the lock go.
    await runAll(cleanups.reverse());
  }
}

/** Runs all of them, whatever some of them throw, and then throws the first of it. */
async function runAll(cleanups: readonly (() => Promise<void>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const cleanup of cleanups) await cleanup().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

/** What commands need of the keys. */
export interface OpenKeys {
  /** For looking only. */
  readonly keystore: Pick<Keystore, "accounts" | "only" | "checkNew">;
  readonly labels: Labels;
  /** The only way to change anything. */
  readonly steward: Steward;
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
  const keystore = openKeystore(config, { clock, log, worker });
  const labels = new Labels({ configDir, store });
  const record = (entry: ActEntry) => recordAct(entry, { configDir, store, clock });
  const parts = { keystore, labels, record, log, randomUuid: randomUUID, caller: "cli" } as const;
  return {
    keystore,
    labels,
    steward: new Steward(parts),
    describe: async () => keyFactsOf(await keystore.files()),
    async readKeyFile(path) {
      const bytes = await store.read(path, { bytesMax: limits.keyFileBytesMax, private: false });
      return bytes === undefined ? undefined : parseForeignKeyFile(bytes);
    },
    createFile: (path, bytes) => store.create(path, bytes),
    close: () => worker.stop(),
  };
}

/** The bytes of cleft.toml, which others may read but not write; undefined if there is none. */
export function readSettingsFile(path: string): Promise<Uint8Array | undefined> {
  return newStore().read(path, { bytesMax: limits.settingsFileBytesMax, private: "readable" });
}

/** The ledger of a folder for those who only read it, also while a daemon writes to it. */
export function openAudit(folder: string): Audit {
  return new Audit(folder, newStore());
}

function openKeystore(
  { keystore, kdf }: Pick<Config, "keystore" | "kdf">,
  { clock, log, worker }: { clock: Clock; log: Log; worker: VaultWorker },
): Keystore {
  const strength = kdf === "light" ? lightKdf : standardKdf;
  return new Keystore({ folder: keystore, kdf: strength, store: newStore(), worker, clock, log });
}

function newStore() {
  return plainStore({ random: (bytes) => randomBytes(bytes).toString("hex") });
}

async function openLedger({ configDir }: Config, { clock, log }: DaemonPowers): Promise<Ledger> {
  const ledger = await Ledger.open(configDir, { store: newStore(), clock });
  for (const request of ledger.open) {
    log.warn("A request was cut off by a crash, it counts as signed", { request });
  }
  return ledger;
}

function openWindow(
  { window, armMs }: Config,
  powers: DaemonPowers,
  { lifecycle, cleanups }: { lifecycle: Lifecycle; cleanups: (() => Promise<void>)[] },
): Window {
  const { log, clock, terminal } = powers;
  switch (window) {
    case "full-screen": {
      assert(terminal?.keys, "a full screen needs a keyboard");
      const onQuit = () => lifecycle.drain("the operator quit");
      const { screen, keys } = terminal;
      const ending = lifecycle.draining;
      const whole = new FullScreen({ screen, keys, clock, armMs, onQuit, ending });
      cleanups.push(async () => whole.close());
      return whole;
    }
    case "line":
      assert(terminal, "a window of lines needs a terminal");
      return lineWindow({ ...terminal, clock, armMs });
    case "stdio": {
      const onLost = () => lifecycle.drain("the window closed its channel");
      return stdioWindow(new Channel({ ...powers.stdio, log, onLost }));
    }
    case "none":
      return noWindow;
  }
}

/** THE LIST of ways in. */
async function openTransports(
  { http, ipc }: Config,
  { clock, log }: DaemonPowers,
  serve: Serve,
  cleanups: (() => Promise<void>)[],
): Promise<{ readonly http: string; readonly ipc: string }> {
  const open = async (name: string, transport: Transport) => {
    const url = await transport.open(serve);
    cleanups.push(() => transport.close());
    log.info(`${name} endpoint opened`, { url });
    return url;
  };
  return {
    http: http === "off" ? "n/a" : await open("HTTP", httpTransport(http, { clock })),
    ipc: ipc === "off" ? "n/a" : await open("IPC", ipcTransport(ipc, { clock })),
  };
}

/** What the operator is told of this run. */
function factsOf(
  { chains, window }: Config,
  open: { readonly since: string; readonly http: string; readonly ipc: string },
) {
  return { pid: process.pid, ...open, chains: chains.map(String), window };
}

function startupInfo({ http, ipc }: { readonly http: string; readonly ipc: string }) {
  return {
    extapi_http: http,
    extapi_ipc: ipc,
    extapi_version: externalApiVersion,
    intapi_version: windowApiVersion,
  };
}
