import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Secret } from "../domain/secret.ts";
import { VaultWorker } from "./vault-worker.ts";

/** A thread that does nothing by itself; the test speaks for it. */
class FakeWorker extends EventEmitter {
  readonly jobs: unknown[] = [];
  terminated = false;
  postMessage(job: unknown): void {
    this.jobs.push(job);
  }
  async terminate(): Promise<number> {
    this.terminated = true;
    return 1;
  }
}

function createJob() {
  const password = Secret.taking(new Uint8Array([1, 2, 3])).surrender();
  return { kind: "create", kdf: { n: 2, r: 1, p: 1 }, password } as const;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const clock = { now: () => 0, after: () => () => undefined };

test("run() gives the worker one job at a time", async () => {
  const worker = new FakeWorker();
  const vault = new VaultWorker({ clock, spawnVault: () => worker as unknown as Worker });
  const first = vault.run<"create">(createJob());
  const second = vault.run<"create">(createJob());
  await turn();
  worker.emit("message", { ready: true });
  await turn();
  expect(worker.jobs).toHaveLength(1);
  worker.emit("message", { result: { address: "0x1", file: new Uint8Array() } });
  expect(await first).toMatchObject({ address: "0x1" });
  await turn();
  expect(worker.jobs).toHaveLength(2);
  worker.emit("message", { failure: { code: "password.wrong", message: "no", hint: "" } });
  await expect(second).rejects.toMatchObject({ code: "password.wrong" });
});

test("run() fails when the worker dies, and starts another one for the next job", async () => {
  const workers: FakeWorker[] = [];
  const spawnVault = () => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  };
  const vault = new VaultWorker({ clock, spawnVault });
  const job = vault.run<"create">(createJob());
  await turn();
  workers[0]?.emit("exit", 134);
  await expect(job).rejects.toMatchObject({ code: "vault.failed" });
  const next = vault.run<"create">(createJob());
  await turn();
  expect(workers).toHaveLength(2);
  workers[1]?.emit("error", new Error("gone"));
  await expect(next).rejects.toMatchObject({ code: "vault.failed" });
});
