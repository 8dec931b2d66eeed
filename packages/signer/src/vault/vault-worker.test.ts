import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Failure, messageOf } from "../domain/failure.ts";
import { FakeClock, failure, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { cheapKdf, secretOf } from "./fakes.ts";
import type { Job } from "./job.ts";
import { VaultWorker } from "./vault-worker.ts";

/** A worker that does what the test says. */
class FakeWorker extends EventEmitter {
  readonly jobs: Job[] = [];
  isTerminated = false;

  postMessage(job: Job, transfer: ArrayBuffer[]): void {
    this.jobs.push(structuredClone(job, { transfer }));
  }

  async terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit("exit", 1);
    return 1;
  }
}

function setUp() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const spawnVault = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const vault = new VaultWorker({ clock, spawnVault });
  /** The worker that was spawned as number `at`, once it was. */
  const worker = async (at: number): Promise<FakeWorker> => {
    await settled();
    const found = workers[at];
    if (found === undefined) throw new Error(`only ${workers.length} workers`);
    return found;
  };
  return { clock, workers, vault, worker };
}

async function started() {
  const parts = setUp();
  const starting = parts.vault.start();
  const worker = await parts.worker(0);
  worker.emit("message", { ready: true });
  await starting;
  return { ...parts, worker, spawned: parts.worker };
}

const create = () =>
  ({ kind: "create", kdf: cheapKdf, password: secretOf("pw").surrender() }) as const;
const failed = (message: string) => failure("vault.failed", message);

describe("VaultWorker.run()", () => {
  test("run() moves the secrets to the worker and gives its result", async () => {
    const { vault, worker } = await started();
    const job = create();
    const result = vault.run<"create">(job);
    await settled();
    expect(job.password.buffer.byteLength).toBe(0);
    const [received] = worker.jobs;
    if (received?.kind !== "create") throw new Error("expected the job");
    expect(Buffer.from(received.password.buffer).toString("utf8", 0, 2)).toBe("pw");
    worker.emit("message", { result: "made" });
    await expect(result).resolves.toBe("made");
  });

  test("run() runs one job at a time, in order", async () => {
    const { vault, worker } = await started();
    const results = [vault.run<"create">(create()), vault.run<"create">(create())];
    await settled();
    expect(worker.jobs).toHaveLength(1);
    worker.emit("message", { result: 1 });
    await settled();
    expect(worker.jobs).toHaveLength(2);
    worker.emit("message", { result: 2 });
    await expect(Promise.all(results)).resolves.toEqual([1, 2]);
  });

  test("run() waits for the worker to be ready", async () => {
    const { vault, worker } = setUp();
    const result = vault.run<"create">(create());
    const first = await worker(0);
    expect(first.jobs).toHaveLength(0);
    first.emit("message", { ready: true });
    await settled();
    first.emit("message", { result: 1 });
    await expect(result).resolves.toBe(1);
  });

  test.each([
    [{ code: "password.wrong", message: "m", hint: "h" }, "password.wrong", "h"],
    [{ code: "password.wrong", message: "m", hint: "" }, "password.wrong", undefined],
    [{ code: "no.such.code", message: "m", hint: "" }, "vault.failed", undefined],
    [{ code: "toString", message: "m", hint: "" }, "vault.failed", undefined],
  ] as const)(
    "run() turns the worker's %j into a failure, and goes on",
    async (said, code, hint) => {
      const { vault, worker } = await started();
      const result = vault.run<"create">(create());
      await settled();
      worker.emit("message", { failure: said });
      await expect(result).rejects.toMatchObject({ ...failure(code, "m"), hint });
      const next = vault.run<"create">(create());
      await settled();
      worker.emit("message", { result: 1 });
      await expect(next).resolves.toBe(1);
      expect(worker.isTerminated).toBe(false);
    },
  );

  test("run() passes on what ends the worker otherwise, as the bug that it is", async () => {
    const { vault, worker } = await started();
    const result = vault.run<"create">(create());
    await settled();
    const bug = new TypeError("a bug");
    worker.emit("error", bug);
    await expect(result).rejects.toBe(bug);
  });

  const outOfMemory = Object.assign(new Error("no memory"), {
    code: "ERR_WORKER_OUT_OF_MEMORY",
  });
  const ends: readonly [string, (worker: FakeWorker, clock: FakeClock) => void, string][] = [
    ["dies", (worker) => worker.emit("exit", 3), "ended with 3"],
    ["runs out of memory", (worker) => worker.emit("error", outOfMemory), "failed: no memory"],
    ["hangs", (_, clock) => clock.advance(limits.vaultJobMs), "didn't answer within"],
  ];

  test.each(ends)(
    "run() gives up a worker that %s, and the next job gets a new one",
    async (_, end, message) => {
      const { vault, worker, spawned, clock } = await started();
      const [first, second] = [vault.run<"create">(create()), vault.run<"create">(create())];
      await settled();
      end(worker, clock);
      await expect(first).rejects.toMatchObject(failed(message));
      expect(worker.isTerminated).toBe(true);
      const fresh = await spawned(1);
      fresh.emit("message", { ready: true });
      await settled();
      fresh.emit("message", { result: 2 });
      await expect(second).resolves.toBe(2);
      expect(worker.listenerCount("message") + clock.waiting).toBe(0);
    },
  );

  test.each(ends)("start() fails if the worker %s before it is ready", async (_, end, message) => {
    const { vault, worker, clock } = setUp();
    const starting = vault.start();
    const first = await worker(0);
    end(first, clock);
    await expect(starting).rejects.toMatchObject(failed(message));
  });

  test("run() wipes the secrets if no worker can be started", async () => {
    const { vault, worker } = setUp();
    const job = create();
    const result = vault.run<"create">(job);
    (await worker(0)).emit("exit", 1);
    await expect(result).rejects.toMatchObject(failed("ended with 1"));
    expect(new Uint8Array(job.password.buffer).some((byte) => byte !== 0)).toBe(false);
    expect(job.password.buffer.byteLength).toBeGreaterThan(0);
  });

  test("run() gets a new worker if the old one died between two jobs", async () => {
    const { vault, worker, workers } = await started();
    worker.emit("exit", 1);
    vault.run<"create">(create()).catch(() => undefined);
    await settled();
    expect(workers).toHaveLength(2);
  });

  test("an error of an idle worker doesn't end the process", async () => {
    const { worker } = await started();
    expect(worker.listenerCount("error")).toBeGreaterThan(0);
  });
});

describe("VaultWorker.run(), when it can't even begin", () => {
  test("run() asks whether to begin when its turn has come, and a no sends nothing", async () => {
    const { vault, worker } = await started();
    const first = vault.run<"create">(create());
    let asked = 0;
    const second = vault.run<"create">(create(), () => {
      asked++;
      throw new Failure("request.expired", "too late");
    });
    await settled();
    expect(asked).toBe(0);
    worker.emit("message", { result: 1 });
    await first;
    await expect(second).rejects.toMatchObject(failure("request.expired"));
    expect(asked).toBe(1);
  });

  test("run() tries again to start a worker after one could not be spawned", async () => {
    const worker = new FakeWorker();
    let tries = 0;
    const spawnVault = () => {
      if (tries++ === 0) throw new Error("no threads");
      return worker as unknown as Worker;
    };
    const vault = new VaultWorker({ clock: new FakeClock(), spawnVault });
    await expect(vault.run<"create">(create())).rejects.toThrow("no threads");
    const starting = vault.start().then(() => "started", messageOf);
    await settled();
    worker.emit("message", { ready: true });
    expect(await starting).toBe("started");
  });

  test("run() leaves nothing behind of a job that can't be sent, and goes on", async () => {
    const { vault, worker, clock } = await started();
    worker.postMessage = () => {
      throw new Error("no clone");
    };
    await expect(vault.run<"create">(create())).rejects.toThrow("no clone");
    expect([worker.listenerCount("message"), clock.waiting]).toEqual([0, 0]);
  });
});

describe("VaultWorker.stop()", () => {
  test("stop() ends the worker, and the job that runs fails", async () => {
    const { vault, worker } = await started();
    const result = vault.run<"create">(create());
    const rejected = expect(result).rejects.toMatchObject(failed("ended with 1"));
    await settled();
    await vault.stop();
    await rejected;
    expect(worker.isTerminated).toBe(true);
  });

  test("stop() lets no job run that waits, and none that comes later", async () => {
    const { vault, worker, workers } = await started();
    const jobs = [1, 2, 3].map(() => vault.run<"create">(create()));
    const results = Promise.allSettled(jobs);
    await settled();
    await vault.stop();
    expect((await results).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    await expect(vault.run<"create">(create())).rejects.toMatchObject(failure("signer.draining"));
    expect([worker.isTerminated, workers.length]).toEqual([true, 1]);
  });

  test("stop() does nothing where nothing was started", async () => {
    const { vault, workers } = setUp();
    await vault.stop();
    expect(workers).toHaveLength(0);
  });
});
