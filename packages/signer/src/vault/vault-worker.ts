import type { Worker } from "node:worker_threads";
import type { Clock } from "../domain/clock.ts";
import { Failure, isFailureCode, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { type Job, type JobResults, secretsOf } from "./job.ts";
import type { WorkerMessage } from "./signer-worker.ts";

/** Ambient power of the vault's main-thread side. */
export interface WorkerPowers {
  readonly clock: Clock;
  /** Starts the vault worker's thread. */
  readonly spawnVault: () => Worker;
}

/**
 * The main thread's handle of the vault worker. Jobs run one after another; a worker that fails or
 * hangs is ended, and the next job gets a new one.
 */
export class VaultWorker {
  private readonly powers: WorkerPowers;
  private worker: Promise<Worker> | undefined;
  private current: Worker | undefined;
  private stopped = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(powers: WorkerPowers) {
    this.powers = powers;
  }

  /** Starts the worker and lets it test itself. @throws Failure `vault.failed` */
  async start(): Promise<void> {
    await this.ready();
  }

  /**
   * Runs a job. Its secrets move to the worker; `begin` is called when its turn has come, and may
   * still refuse it by throwing.
   * @throws Failure of the job, `vault.failed`, or `signer.draining` after {@link VaultWorker.stop}
   */
  run<K extends Job["kind"]>(
    job: Extract<Job, { kind: K }>,
    begin: () => void = () => undefined,
  ): Promise<JobResults[K]> {
    const mine = this.last.then(async () => {
      const secrets = secretsOf(job);
      try {
        const worker = await this.ready();
        const send = () => {
          begin();
          worker.postMessage(job, secrets);
        };
        return resultOf(await this.nextMessage(worker, send)) as JobResults[K];
      } finally {
        // A buffer that was moved is empty here; one that never left is wiped.
        for (const secret of secrets) if (secret.byteLength > 0) new Uint8Array(secret).fill(0);
      }
    });
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** Ends the worker; jobs that run or wait fail. */
  async stop(): Promise<void> {
    this.stopped = true;
    const { current } = this;
    [this.current, this.worker] = [undefined, undefined];
    // Also one that hasn't said yet that it is ready.
    await current?.terminate();
  }

  private async ready(): Promise<Worker> {
    if (this.stopped) throw new Failure("signer.draining", "the vault is closed");
    this.worker ??= this.spawned().catch((error: unknown) => {
      this.worker = undefined;
      throw error;
    });
    return this.worker;
  }

  private async spawned(): Promise<Worker> {
    const worker = this.powers.spawnVault();
    // One that dies between two jobs is noticed too, and the next job gets another one.
    const forget = () => {
      if (this.current === worker) [this.current, this.worker] = [undefined, undefined];
    };
    worker.on("exit", forget).on("error", forget);
    this.current = worker;
    await this.nextMessage(worker);
    return worker;
  }

  /** The worker's next message, after `send`. If none comes, the worker is given up. */
  private nextMessage(worker: Worker, send: () => void = () => undefined): Promise<WorkerMessage> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        cancel();
        worker.off("message", heard);
        worker.off("error", failed);
        worker.off("exit", ended);
        act();
      };
      const giveUp = (reason: string) =>
        settle(() => {
          this.worker = undefined;
          void worker.terminate();
          reject(new Failure("vault.failed", `the vault worker ${reason}`));
        });
      const heard = (message: WorkerMessage) => settle(() => resolve(message));
      // Running out of memory can happen; anything else that ends the thread is a bug.
      const failed = (error: unknown) => {
        const isExpected = systemCode(error) === "ERR_WORKER_OUT_OF_MEMORY";
        if (isExpected) giveUp(`failed: ${messageOf(error)}`);
        else settle(() => reject(error));
      };
      const ended = (code: number) => giveUp(`ended with ${code}`);
      const cancel = this.powers.clock.after(limits.vaultJobMs, () =>
        giveUp(`didn't answer within ${limits.vaultJobMs / 1000} s`),
      );
      worker.on("message", heard).on("error", failed).on("exit", ended);
      try {
        send();
      } catch (error) {
        settle(() => reject(error));
      }
    });
  }
}

function resultOf(message: WorkerMessage): JobResults[Job["kind"]] {
  if ("result" in message) return message.result;
  if ("ready" in message)
    throw new Failure("vault.failed", "the vault worker answered out of turn");
  const { code, message: text, hint } = message.failure;
  const known = isFailureCode(code) ? code : "vault.failed";
  throw new Failure(known, text, hint === "" ? {} : { hint });
}
