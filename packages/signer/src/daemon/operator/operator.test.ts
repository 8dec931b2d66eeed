import { expect, test, vi } from "vitest";
import type { Address } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { addressOf, FakeLog, failure, gate } from "../../domain/fakes.ts";
import type { Secret } from "../../domain/secret.ts";
import { secretOf } from "../../vault/fakes.ts";
import { Lifecycle } from "../lifecycle.ts";
import { Operator, type OperatorParts } from "./operator.ts";

/** An operator over a real lifecycle, whose ledger waits until it is let go on. */
function setUp() {
  const lifecycle = new Lifecycle();
  lifecycle.ready();
  const acts: string[] = [];
  const unlocked = new Set([addressOf("a"), addressOf("b")]);
  const ended: string[] = [];
  let written = Promise.resolve();
  let refusal: Failure | undefined;
  const parts = {
    lifecycle,
    queue: { lock: vi.fn(), unlock: vi.fn() },
    vault: {
      lock: vi.fn(),
      unlock: async (_terms: object, _password: Secret, wanted: () => void) => {
        wanted();
        return "grant";
      },
      end: (grant: string) => void ended.push(grant),
      unlocked: () => [{ account: addressOf("d"), caller: "socket:ipc" }],
      lockAccount: (account: Address) => unlocked.delete(account),
      accounts: async () => [{ address: addressOf("a") }],
    },
    ledger: {
      async record({ type, method }: { type: string; method?: string }) {
        if (refusal !== undefined) throw refusal;
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
  const { queue, log } = parts;
  const fail = (failing: Failure | undefined) => {
    refusal = failing;
  };
  return { operator, lifecycle, queue, log, acts, ended, wait, fail };
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

test("unlock() says that there was no lock, and changes and records nothing", async () => {
  const { operator, queue, acts } = setUp();
  expect(await operator.unlock("control")).toEqual({ changed: false });
  await operator.lock("control");
  expect(await operator.unlock("control")).toEqual({ changed: true });
  expect(queue.unlock).toHaveBeenCalledOnce();
  expect(acts).toHaveLength(4);
});

test("lockAccount() ends the unlocking of one account, and the signer goes on serving", async () => {
  const { operator, lifecycle, queue, log, acts } = setUp();
  expect(await operator.lockAccount(addressOf("a"))).toEqual({ changed: true });
  expect(lifecycle.state).toBe("ready");
  expect(queue.lock).not.toHaveBeenCalled();
  expect(log.lines).toEqual(["info An account is locked again"]);
  expect(acts).toEqual(["act lock", "done"]);
  expect(await operator.lockAccount(addressOf("a"))).toEqual({ changed: false });
  expect(acts).toHaveLength(2);
});

test("lockAccount() names an account without a key only if nothing was unlocked", async () => {
  const { operator } = setUp();
  expect(await operator.lockAccount(addressOf("b"))).toEqual({ changed: true });
  const unknown = operator.lockAccount(addressOf("b"));
  await expect(unknown).rejects.toMatchObject(failure("account.unknown"));
});

test("lockAccount() ends an unlocking of that account that isn't done yet", async () => {
  const { operator, acts, wait } = setUp();
  const unlocking = (account: Address) => {
    const terms = { account, caller: "any", forMs: 60_000, uses: 1 };
    return operator.unlockAccount(terms, secretOf("pw"), new AbortController().signal);
  };
  const goOn = wait();
  const [one, other] = [unlocking(addressOf("c")), unlocking(addressOf("d"))];
  const locking = operator.lockAccount(addressOf("c"));
  goOn();
  const refused = failure("unlock.ended", "the account was locked in between");
  await expect(one).rejects.toMatchObject(refused);
  expect([await other, await locking]).toEqual([{ beside: ["socket:ipc"] }, { changed: true }]);
  const act = "act unlock";
  expect(acts.slice(0, 3)).toEqual([act, act, "act lock"]);
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

test("unlockAccount() unlocks nothing for a command that was interrupted", async () => {
  const { operator, acts, wait } = setUp();
  const goOn = wait();
  const gone = new AbortController();
  const terms = { account: addressOf("d"), caller: "any", forMs: 60_000, uses: 1 };
  const unlocking = operator.unlockAccount(terms, secretOf("pw"), gone.signal);
  gone.abort();
  goOn();
  await expect(unlocking).rejects.toMatchObject(failure("aborted", "interrupted"));
  expect(acts).toEqual(["act unlock", "refusal unlock"]);
});

test("unlockAccount() ends what was unlocked if its command goes while that is written down", async () => {
  const { operator, acts, ended } = setUp();
  // Still there when the vault looks, and gone once the end is recorded.
  let looks = 0;
  const gone = {
    get aborted() {
      return looks++ > 0;
    },
  };
  const terms = { account: addressOf("d"), caller: "any", forMs: 60_000, uses: 1 };
  const unlocking = operator.unlockAccount(terms, secretOf("pw"), gone as AbortSignal);
  await expect(unlocking).rejects.toMatchObject(failure("aborted", "interrupted"));
  expect(ended).toEqual(["grant"]);
  expect(acts).toEqual(["act unlock", "done", "act lock", "done"]);
});

test("record() takes the end again that the ledger didn't take", async () => {
  const { operator, acts, fail } = setUp();
  const end = { type: "done", request: "r" } as const;
  await operator.record({ request: "r", caller: "cli", method: "m", account: "", type: "act" });
  fail(new Failure("ledger.unwritable", "full"));
  await expect(operator.record(end)).rejects.toMatchObject(failure("ledger.unwritable"));
  fail(undefined);
  await operator.record(end);
  expect(acts).toEqual(["act m", "done"]);
});

test("record() takes the end of an act that it has, once, and no other", async () => {
  const { operator, acts } = setUp();
  const act = { request: "r", caller: "cli", method: "newaccount", account: "" };
  const end = { type: "done", request: "r" } as const;
  await expect(operator.record(end)).rejects.toMatchObject(failure("control.failed"));
  await operator.record({ ...act, type: "act" });
  await operator.record(end);
  await expect(operator.record(end)).rejects.toMatchObject(failure("control.failed"));
  expect(acts).toEqual(["act newaccount", "done"]);
});
