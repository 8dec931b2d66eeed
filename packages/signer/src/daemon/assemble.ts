import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { externalApiVersion } from "@cleft/protocol/account.ts";
import { windowApiVersion } from "@cleft/protocol/window.ts";
import { Queue } from "../approval/queue.ts";
import type { Window } from "../approval/window.ts";
import { aborted } from "../domain/aborting.ts";
import { nameOf } from "../domain/caller.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure, type FailureCode, messageOf } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import { Ledger } from "../ledger/ledger.ts";
import { lockFolder } from "../store/lock.ts";
import { plainStore } from "../store/plain.ts";
import { answer } from "../untrusted/rpc/envelope.ts";
import { httpTransport } from "../untrusted/transport/http.ts";
import { ipcTransport } from "../untrusted/transport/ipc.ts";
import type { Serve, Transport } from "../untrusted/transport/transport.ts";
import { lightKdf, standardKdf } from "../vault/keyfile.ts";
import { Keystore } from "../vault/source/keystore.ts";
import { Vault } from "../vault/vault.ts";
import { VaultWorker, type WorkerPowers } from "../vault/vault-worker.ts";
import { Channel } from "../window/channel.ts";
import type { Input } from "../window/input.ts";
import { noWindow } from "../window/none.ts";
import { stdioWindow } from "../window/stdio.ts";
import { type Screen, terminalWindow } from "../window/terminal.ts";
import type { HandleParts } from "./asking.ts";
import type { Config } from "./config.ts";
import { handle } from "./handle.ts";
import { Lifecycle } from "./lifecycle.ts";

/** Ambient power of everything that touches keys. */
export interface KeyPowers extends WorkerPowers {
  readonly log: Log;
}

/** Ambient power of the daemon. */
export interface DaemonPowers extends KeyPowers {
  /** Where a person sits, unless there is none. */
  readonly terminal?: { readonly input: Input; readonly screen: Screen };
  readonly stdio: {
    readonly input: AsyncIterable<Uint8Array>;
    readonly write: (line: string) => void;
  };
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
    const requests = new Set<Promise<unknown>>();
    cleanups.push(async () => void (await Promise.allSettled(requests)));
    const worker = new VaultWorker(powers);
    cleanups.push(() => worker.stop());
    await worker.start();
    const vault = new Vault([openKeystore(config, { clock, log, worker })], { clock, generation });
    const queue = new Queue(openWindow(config, powers, lifecycle), {
      clock,
      approvalMs: config.approvalMs,
    });
    const bugs = new AbortController();
    const serve = serveWith(
      { judgeSettings: config, queue, ledger, vault, clock, log, generation },
      { log, lifecycle, onBug: (bug) => bugs.abort(bug) },
    );
    const tracked: Serve = (request) => {
      const served = serve(request).finally(() => requests.delete(served));
      requests.add(served);
      return served;
    };
    const endpoints = await openTransports(config, powers, tracked, cleanups);
    cleanups.push(async () => queue.close());
    lifecycle.ready();
    queue.tell({ kind: "started", info: startupInfo(endpoints) });
    await aborted(AbortSignal.any([lifecycle.draining, bugs.signal]));
    if (bugs.signal.aborted) throw bugs.signal.reason;
    log.info("Shutting down", { reason: String(lifecycle.draining.reason) });
  } finally {
    lifecycle.drain("ending");
    stop.removeEventListener("abort", drain);
    // In reverse: questions are refused, connections and the worker end, what still runs is waited
    // for, and only then the ledger and the lock go.
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

/** The keystore alone, for commands that make keys. Call `close` in the end. */
export function openKeys(
  config: Pick<Config, "keystore" | "kdf">,
  powers: KeyPowers,
): { readonly keystore: Keystore; close(): Promise<void> } {
  const worker = new VaultWorker(powers);
  const keystore = openKeystore(config, { ...powers, worker });
  return { keystore, close: () => worker.stop() };
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

function openWindow(config: Config, powers: DaemonPowers, lifecycle: Lifecycle): Window {
  const { log, clock } = powers;
  switch (config.window) {
    case "terminal":
      assert(powers.terminal, "a terminal window needs a terminal");
      return terminalWindow({ ...powers.terminal, clock });
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

/** Noes that are nobody's fault. */
const ordinary: ReadonlySet<FailureCode> = new Set([
  "request.denied",
  "request.withdrawn",
  "signer.draining",
]);

/** Joins parser and handler for a transport. Only a bug gets through as an exception. */
function serveWith(
  parts: HandleParts,
  { log, lifecycle, onBug }: { log: Log; lifecycle: Lifecycle; onBug: (bug: unknown) => void },
): Serve {
  return async ({ untrustedBody, caller, dialect, signal, malformed }) => {
    const name = nameOf(caller.identity);
    try {
      return await answer(untrustedBody, {
        dialect,
        call: async (request) => {
          if (lifecycle.state !== "ready") throw new Failure("signer.draining", "not serving");
          const id = randomUUID();
          const asking = { id, method: request.method, caller, gone: signal };
          const result = await handle(asking, request, parts);
          log.debug("Served", { id, method: request.method, caller: name });
          return result;
        },
        complain: ({ code, message, hint = "" }, method) => {
          if (code === "json.malformed") malformed?.();
          const fields = { method, caller: name, code, reason: message };
          const level = ordinary.has(code) ? "info" : "warn";
          log[level]("Refused", hint === "" ? fields : { ...fields, hint });
        },
      });
    } catch (bug) {
      onBug(bug);
      throw bug;
    }
  };
}

function startupInfo({ http, ipc }: { readonly http: string; readonly ipc: string }) {
  return {
    extapi_http: http,
    extapi_ipc: ipc,
    extapi_version: externalApiVersion,
    intapi_version: windowApiVersion,
  };
}
