import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { Failure } from "../domain/failure.ts";
import type { Secret } from "../domain/secret.ts";
import { loadCurve } from "./curve.ts";
import type { Job, JobResults } from "./job.ts";
import { runJob } from "./run-job.ts";
import { selfTest } from "./self-test.ts";

/** What the worker says: first that it is ready, then one reply a job. */
export type WorkerMessage =
  | { readonly ready: true }
  | { readonly result: JobResults[Job["kind"]] }
  | {
      readonly failure: { readonly code: string; readonly message: string; readonly hint: string };
    };

/** The thread in which secrets are in the clear. One job at a time: a derivation takes 256 MiB. */
async function main(): Promise<void> {
  assert(parentPort, "this file is a worker");
  const port = parentPort;
  const say = (message: WorkerMessage) => port.postMessage(message);
  const unlocked = new Map<string, Secret>();
  const powers = { curve: await loadCurve(), randomBytes, randomUuid: randomUUID, unlocked };
  selfTest(powers);
  port.on("message", (job: Job) => {
    try {
      say({ result: runJob(job, powers) });
    } catch (error) {
      // A bug ends the thread, and with it the process.
      if (!(error instanceof Failure)) throw error;
      const { code, message, hint = "" } = error;
      say({ failure: { code, message, hint } });
    }
  });
  say({ ready: true });
}

await main();
