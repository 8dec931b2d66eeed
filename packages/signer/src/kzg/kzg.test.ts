import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import { FakeClock, failure, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { Kzg } from "./kzg.ts";

/** A thread that does what the test says. */
class FakeWorker extends EventEmitter {
  isTerminated = false;

  async terminate(): Promise<number> {
    this.isTerminated = true;
    return 1;
  }
}

const job = { version: 0, blobs: ["0x"], proven: undefined, hashes: undefined } as const;
const result = { commitments: ["0x01"], proofs: ["0x02"], hashes: ["0x03"] };

function setUp() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const spawnKzg = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const gone = new AbortController();
  const kzg = new Kzg({ clock, spawnKzg });
  return {
    clock,
    workers,
    kzg,
    gone,
    run: (caller = "a") => kzg.run(job, { caller, gone: gone.signal }),
  };
}

/** Lets one thread after another answer, each as soon as it has been started. */
async function finishAll(
  workers: readonly FakeWorker[],
  { from, to }: { from: number; to: number },
) {
  for (let at = from; at <= to; at++) {
    await settled();
    workers[at]?.emit("message", { result });
  }
}

test("run() gives the thread's result and ends the thread", async () => {
  const { run, workers } = setUp();
  const running = run();
  await settled();
  workers[0]?.emit("message", { result });
  expect(await running).toEqual(result);
  expect(workers[0]?.isTerminated).toBe(true);
});

test("run() passes on what is wrong with the blobs", async () => {
  const { run, workers } = setUp();
  const running = run();
  await settled();
  workers[0]?.emit("message", { refused: "why" });
  await expect(running).rejects.toMatchObject(failure("transaction.refused", "why"));
});

test("run() does one job at a time, and one that fails doesn't hold up the next", async () => {
  const { run, workers } = setUp();
  const [first, second] = [run(), run()];
  await settled();
  expect(workers).toHaveLength(1);
  workers[0]?.emit("exit", 1);
  await expect(first).rejects.toMatchObject(
    failure("kzg.failed", "the thread for blobs ended with 1"),
  );
  await settled();
  workers[1]?.emit("message", { result });
  expect(await second).toEqual(result);
});

test("run() ends a thread that hangs", async () => {
  const { run, workers, clock } = setUp();
  const running = run();
  await settled();
  clock.advance(limits.kzgJobMs);
  await expect(running).rejects.toMatchObject(
    failure("kzg.failed", "the thread for blobs didn't answer within 120 s"),
  );
  expect(workers[0]?.isTerminated).toBe(true);
});

test("run() ends a thread whose caller has gone, and starts none for it", async () => {
  const { run, workers, gone } = setUp();
  const [first, second] = [run(), run()];
  await settled();
  gone.abort(new Failure("request.withdrawn", "gone"));
  await expect(first).rejects.toMatchObject(failure("request.withdrawn", "gone"));
  await expect(second).rejects.toMatchObject(failure("request.withdrawn", "gone"));
  expect(workers).toHaveLength(1);
  expect(workers[0]?.isTerminated).toBe(true);
});

test("run() gives the place of who leaves while it waits to others, and no turn", async () => {
  const { kzg, workers } = setUp();
  const gone = Array.from({ length: limits.kzgJobsMax / 2 }, () => new AbortController());
  const running = gone.map(({ signal }) => kzg.run(job, { caller: "a", gone: signal }));
  const left = Promise.allSettled(running.slice(1));
  for (const controller of gone.slice(1))
    controller.abort(new Failure("request.withdrawn", "gone"));
  await left;
  const another = kzg.run(job, { caller: "a", gone: new AbortController().signal });
  await settled();
  expect(workers).toHaveLength(1);
  workers[0]?.emit("message", { result });
  await running[0];
  await settled();
  workers[1]?.emit("message", { result });
  expect(await another).toEqual(result);
});

test("run() hears an error of a thread that it has given up", async () => {
  const { run, workers, gone } = setUp();
  const running = run();
  await settled();
  gone.abort(new Failure("request.withdrawn", "gone"));
  // Without a listener this throws.
  workers[0]?.emit("error", new Error("late"));
  await expect(running).rejects.toMatchObject(failure("request.withdrawn", "gone"));
});

test("run() leaves half of the places to other callers", async () => {
  const { run, workers } = setUp();
  const running = Array.from({ length: limits.kzgJobsMax / 2 }, () => run("a"));
  await expect(run("a")).rejects.toMatchObject({ code: "kzg.busy" });
  const other = run("b");
  await finishAll(workers, { from: 0, to: running.length });
  expect(await other).toEqual(result);
});

test("run() refuses more jobs than may wait, until one is done", async () => {
  const { run, workers } = setUp();
  const running = Array.from({ length: limits.kzgJobsMax }, (_, at) => run(at % 2 ? "a" : "b"));
  await expect(run()).rejects.toMatchObject({ code: "kzg.busy" });
  await settled();
  workers[0]?.emit("message", { result });
  await running[0];
  const another = run("b");
  await finishAll(workers, { from: 1, to: limits.kzgJobsMax });
  expect(await another).toEqual(result);
});

test("run() says when the thread's memory doesn't suffice, and passes on a bug", async () => {
  const { run, workers } = setUp();
  const [first, second] = [run(), run()];
  await settled();
  workers[0]?.emit(
    "error",
    Object.assign(new Error("too much"), { code: "ERR_WORKER_OUT_OF_MEMORY" }),
  );
  await expect(first).rejects.toMatchObject(
    failure("kzg.failed", "the thread for blobs failed: too much"),
  );
  await settled();
  const bug = new Error("bug");
  workers[1]?.emit("error", bug);
  await expect(second).rejects.toBe(bug);
});

test("stop() ends what runs", async () => {
  const { run, kzg, workers } = setUp();
  const running = run();
  const ended = expect(running).rejects.toMatchObject({ code: "signer.draining" });
  await settled();
  await kzg.stop();
  await ended;
  expect(workers[0]?.isTerminated).toBe(true);
  await expect(run()).rejects.toMatchObject({ code: "signer.draining" });
});
