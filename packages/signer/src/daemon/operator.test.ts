import { expect, test, vi } from "vitest";
import { FakeLog, failure, gate } from "../domain/fakes.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Operator, type OperatorParts } from "./operator.ts";

/** An operator over a real lifecycle, whose ledger waits until it is let go on. */
function setUp() {
  const lifecycle = new Lifecycle();
  lifecycle.ready();
  const acts: string[] = [];
  let written = Promise.resolve();
  const parts = {
    lifecycle,
    queue: { lock: vi.fn(), unlock: vi.fn() },
    vault: { lock: vi.fn() },
    ledger: {
      async record({ type, method }: { type: string; method?: string }) {
        acts.push(method === undefined ? type : `${type} ${method}`);
        await written;
      },
    },
    log: new FakeLog(),
    randomUuid: () => "id",
  };
  const operator = new Operator(parts as unknown as OperatorParts);
  const wait = () => {
    const waiting = gate<void>();
    written = waiting.promise;
    return () => waiting.open();
  };
  return { operator, lifecycle, queue: parts.queue, acts, wait };
}

test("unlock() ends a lock once it is recorded", async () => {
  const { operator, lifecycle, queue, acts } = setUp();
  await operator.lock("control");
  expect(lifecycle.state).toBe("locked");
  await operator.unlock("control");
  expect(lifecycle.state).toBe("ready");
  expect(queue.unlock).toHaveBeenCalledOnce();
  expect(acts).toEqual(["act lock", "done", "act unlock", "done"]);
});

test("unlock() doesn't end a lock that came while it was being recorded", async () => {
  const { operator, lifecycle, queue, acts, wait } = setUp();
  await operator.lock("control");
  const goOn = wait();
  const unlocking = operator.unlock("control");
  const locking = operator.lock("signal");
  goOn();
  await expect(unlocking).rejects.toMatchObject(failure("signer.locked"));
  await locking;
  expect(lifecycle.state).toBe("locked");
  expect(queue.unlock).not.toHaveBeenCalled();
  const locked = ["act lock", "done"];
  expect(acts).toEqual([...locked, "act unlock", "act lock", "refusal unlock", "done"]);
});
