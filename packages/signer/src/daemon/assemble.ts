import { randomUUID } from "node:crypto";
import { externalApiVersion } from "@cleft/protocol/account.ts";
import { windowApiVersion } from "@cleft/protocol/window.ts";
import { Queue } from "../approval/queue.ts";
import type { Started } from "../approval/window.ts";
import { aborted } from "../domain/aborting.ts";
import { messageOf } from "../domain/failure.ts";
import { RefusalLog } from "../domain/refusal-log.ts";
import { nameOfChain } from "../inspect/amount.ts";
import { Kzg } from "../kzg/kzg.ts";
import { Cleanups } from "./cleanups.ts";
import type { Config } from "./config.ts";
import { Lifecycle } from "./lifecycle.ts";
import { openAuditLog, openLabels, openLedger } from "./open-files.ts";
import { openVault } from "./open-keys.ts";
import { type Endpoints, openTransports } from "./open-transports.ts";
import { openWindow } from "./open-window.ts";
import { openControl } from "./operator/control.ts";
import { Operator, type OperatorParts } from "./operator/operator.ts";
import type { DaemonPowers, Run } from "./powers.ts";
import { Callers } from "./request/callers.ts";
import { Listings } from "./request/listings.ts";
import { openMethodBook } from "./request/method-book.ts";
import { Running, serveWith } from "./serve.ts";
import { takeFolder } from "./take-folder.ts";

/**
 * Serves until it is stopped, then ends cleanly: what is open is refused, the ledger closed, the
 * lock released.
 * @throws Failure when it can't start. A bug is thrown as it is, and the process should end.
 */
export async function runDaemon(config: Config, powers: DaemonPowers): Promise<void> {
  const { log, stop } = powers;
  const lifecycle = new Lifecycle();
  const drain = () => lifecycle.drain(messageOf(stop.reason));
  stop.addEventListener("abort", drain, { once: true });
  if (stop.aborted) return;
  const cleanups = new Cleanups();
  const bugs = new AbortController();
  const onBug = (bug: unknown) => bugs.abort(bug);
  try {
    await openAll(config, { ...powers, lifecycle, cleanups, onBug });
    await aborted(AbortSignal.any([lifecycle.draining, bugs.signal]));
    if (bugs.signal.aborted) throw bugs.signal.reason;
    log.info("Shutting down", { reason: String(lifecycle.draining.reason) });
  } finally {
    lifecycle.drain("ending");
    stop.removeEventListener("abort", drain);
    await cleanups.run();
  }
}

/**
 * In this order, and it ends in the other one: questions are refused, connections and the worker
 * end, what still runs is waited for, and only then the ledger and the lock go.
 */
async function openAll(config: Config, run: Run): Promise<void> {
  const { clock, log, lifecycle, cleanups } = run;
  const generation = () => lifecycle.generation;
  const lock = await takeFolder(config.configDir, clock);
  cleanups.add(() => lock.release());
  const ledger = await openLedger(config, run);
  const auditLog = await openAuditLog(config, run);
  const methods = await openMethodBook(run);
  const running = new Running();
  cleanups.add(() => running.settled());
  const vault = await openVault(config, run);
  const queue = new Queue(openWindow(config, run), { clock, approvalMs: config.approvalMs });
  vault.watch((grant, change) => queue.tell({ kind: "grant", grant, change }));
  const listings = new Listings({ ttlMs: config.listingTtlMs, clock, generation });
  const callers = new Callers({ rules: config.qubes, clock });
  const kzg = new Kzg(run);
  cleanups.add(() => kzg.stop());
  const labels = openLabels(config.configDir, log);
  const { blobComputeMax } = config;
  const asked = { judgeSettings: config, callers, queue, kzg, blobComputeMax, methods, labels };
  const parts = { ...asked, ledger, vault, listings };
  const refusals = new RefusalLog({ log, clock });
  const serve = serveWith({ ...parts, clock, log, generation }, { ...run, auditLog, refusals });
  const endpoints = await openTransports(config, running.tracking(serve), {
    ...run,
    ledger,
    refusals,
  });
  cleanups.add(() => queue.close());
  lifecycle.ready();
  const facts = factsOf(config, { since: new Date(clock.now()).toISOString(), ...endpoints });
  await openOperator(
    { lifecycle, queue, vault, ledger, log, randomUuid: randomUUID, facts },
    config,
    run,
  );
  queue.tell(startedOf(config, endpoints));
}

/** The operator's two ways in: a signal that locks, and the control socket. */
async function openOperator(parts: OperatorParts, { configDir }: Config, run: Run): Promise<void> {
  const operator = new Operator(parts);
  run.onLock(() => {
    operator
      .lock("signal")
      .catch((error: unknown) =>
        run.log.error("The lock could not be recorded", { reason: messageOf(error) }),
      );
  });
  const control = await openControl(configDir, operator, run);
  run.cleanups.add(() => control.close());
}

/** What the operator is told of this run. */
function factsOf({ chains, window }: Config, open: Endpoints & { readonly since: string }) {
  return { pid: process.pid, ...open, chains: chains.map(String), window };
}

function startedOf({ chains, chainId, keystore }: Config, open: Endpoints): Started {
  const others = chains.filter((chain) => chain !== chainId);
  return {
    kind: "started",
    info: {
      extapi_http: open.http,
      extapi_ipc: open.ipc,
      extapi_version: externalApiVersion,
      intapi_version: windowApiVersion,
    },
    qrexec: open.qrexec,
    chains: [chainId, ...others].map(nameOfChain),
    keystore,
  };
}
