import type { Worker } from "node:worker_threads";
import type { Clock } from "../domain/clock.ts";
import { Failure, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { KzgJob, KzgReply, KzgResult } from "./kzg-job.ts";

/** Ambient power of {@link Kzg}. */
export interface KzgPowers {
  readonly clock: Clock;
  /** Starts a thread that does one job, says its reply and ends. */
  readonly spawnKzg: (job: KzgJob) => Worker;
}

/**
 * Checks and computes what blobs carry, one transaction after another, each in a thread of its own:
 * it takes seconds and up to 150 MiB, and whatever hangs is ended.
 */
export class Kzg {
  private readonly powers: KzgPowers;
  private last: Promise<unknown> = Promise.resolve();
  /** Whose jobs run or wait. */
  private readonly callers: string[] = [];
  private readonly stopped = new AbortController();

  constructor(powers: KzgPowers) {
    this.powers = powers;
  }

  /**
   * Does a job when its turn comes, unless `gone` says that nobody wants it any more. One caller has
   * half of the places at most.
   * @throws Failure `transaction.refused` with Clef's text if something is wrong with the blobs,
   *   `kzg.busy`, `kzg.failed`, and the reason of `gone`
   */
  async run(
    job: KzgJob,
    { caller, gone }: { readonly caller: string; readonly gone: AbortSignal },
  ): Promise<KzgResult> {
    const own = this.callers.filter((other) => other === caller).length;
    if (this.callers.length >= limits.kzgJobsMax || own >= limits.kzgJobsMax / 2) {
      const count = this.callers.length;
      throw new Failure("kzg.busy", `${count} blob transactions are being worked on`);
    }
    this.callers.push(caller);
    const signal = AbortSignal.any([gone, this.stopped.signal]);
    const mine = this.last.then(() => this.reply(job, signal));
    this.last = mine.catch(() => undefined);
    try {
      const reply = await mine;
      if ("refused" in reply) throw new Failure("transaction.refused", reply.refused);
      return reply.result;
    } finally {
      this.callers.splice(this.callers.indexOf(caller), 1);
    }
  }

  /** Ends what runs; jobs that wait fail. */
  async stop(): Promise<void> {
    this.stopped.abort(new Failure("signer.draining", "the signer ends"));
    await this.last;
  }

  private reply(job: KzgJob, signal: AbortSignal): Promise<KzgReply> {
    signal.throwIfAborted();
    const worker = this.powers.spawnKzg(job);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        cancel();
        signal.removeEventListener("abort", leave);
        worker.removeAllListeners();
        void worker.terminate().then(act);
      };
      const leave = () => settle(() => reject(signal.reason));
      const fail = (why: string) =>
        settle(() => reject(new Failure("kzg.failed", `the thread for blobs ${why}`)));
      const cancel = this.powers.clock.after(limits.kzgJobMs, () =>
        fail(`didn't answer within ${limits.kzgJobMs / 1000} s`),
      );
      signal.addEventListener("abort", leave);
      worker.once("message", (reply: KzgReply) => settle(() => resolve(reply)));
      // Running out of memory can happen; anything else that ends the thread is a bug.
      worker.once("error", (error: unknown) => {
        if (systemCode(error) === "ERR_WORKER_OUT_OF_MEMORY") fail(`failed: ${messageOf(error)}`);
        else settle(() => reject(error));
      });
      worker.once("exit", (code) => fail(`ended with ${code}`));
    });
  }
}
