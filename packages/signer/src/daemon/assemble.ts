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
import type { Serve } from "../untrusted/transport/transport.ts";
import { lightKdf, standardKdf } from "../vault/keyfile.ts";
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
    const queue = new Queue(openWindow(config, powers, { lifecycle, cleanups }), { clock });
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
    const endpoint = await openTransport(config, clock, tracked, cleanups);
    cleanups.push(async () => queue.close());
    lifecycle.ready();
    queue.tell({ kind: "started", info: startupInfo(endpoint) });
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

async function openTransport(
  { http }: Config,
  clock: Clock,
  serve: Serve,
  cleanups: (() => Promise<void>)[],
): Promise<string> {
  if (http === "off") return "n/a";
  const transport = httpTransport(http, { clock });
  const endpoint = await transport.open(serve);
  cleanups.push(() => transport.close());
  return endpoint;
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
  return async ({ untrustedBody, caller, signal }) => {
    const name = nameOf(caller.identity);
    try {
      return await answer(untrustedBody, {
        call: async (request) => {
          if (lifecycle.state !== "ready") throw new Failure("signer.draining", "not serving");
          const id = randomUUID();
          const asking = { id, method: request.method, caller, gone: signal };
          const result = await handle(asking, request, parts);
          log.debug("Served", { id, method: request.method, caller: name });
          return result;
        },
        complain: ({ code, message, hint = "" }, method) => {
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

function startupInfo(endpoint: string) {
  return {
    extapi_http: endpoint,
    extapi_ipc: "n/a",
    extapi_version: externalApiVersion,
    intapi_version: windowApiVersion,
  };
}
