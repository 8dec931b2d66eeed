import type { Worker } from "node:worker_threads";
import { unlessAborted } from "../domain/aborting.ts";
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
    this.checkRoom(caller);
    this.callers.push(caller);
    const signal = AbortSignal.any([gone, this.stopped.signal]);
    const before = this.last;
    const mine = unlessAborted(signal, before).then(() => this.reply(job, signal));
    // Who leaves while it waits doesn't let the next one begin before its turn.
    this.last = before.then(() => mine.then(nothing, nothing));
    try {
      const reply = await mine;
      if ("refused" in reply) throw new Failure("transaction.refused", reply.refused);
      return reply.result;
    } finally {
      this.callers.splice(this.callers.indexOf(caller), 1);
    }
  }

  /** Whether there is a place for a job of this caller. @throws Failure `kzg.busy` */
  checkRoom(caller: string): void {
    const own = this.callers.filter((other) => other === caller).length;
    const all = this.callers.length;
    if (all < limits.kzgJobsMax && own < limits.kzgJobsMax / 2) return;
    throw new Failure("kzg.busy", `${all} blob transactions are being worked on`);
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
      let isOver = false;
      // Its listeners stay: an error that is on its way when the thread is ended has to be heard.
      const settle = (act: () => void) => {
        if (isOver) return;
        isOver = true;
        cancel();
        signal.removeEventListener("abort", leave);
        void worker.terminate().then(act, act);
      };
      const leave = () => settle(() => reject(signal.reason));
      const fail = (why: string) =>
        settle(() => reject(new Failure("kzg.failed", `the thread for blobs ${why}`)));
      const cancel = this.powers.clock.after(limits.kzgJobMs, () =>
        fail(`didn't answer within ${limits.kzgJobMs / 1000} s`),
      );
      signal.addEventListener("abort", leave);
      worker.on("message", (reply: KzgReply) => settle(() => resolve(reply)));
      // Running out of memory can happen; anything else that ends the thread is a bug.
      worker.on("error", (error: unknown) => {
        if (outOfMemory.has(systemCode(error) ?? "")) fail(`failed: ${messageOf(error)}`);
        else settle(() => reject(error));
      });
      worker.on("exit", (code) => fail(`ended with ${code}`));
    });
  }
}

/** What a thread says that finds no memory, to run or to begin. */
const outOfMemory: ReadonlySet<string> = new Set([
  "ERR_WORKER_OUT_OF_MEMORY",
  "ERR_WORKER_INIT_FAILED",
]);

const nothing = () => undefined;
