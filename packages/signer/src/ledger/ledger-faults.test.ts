import { describe, expect, test } from "vitest";
import { FakeClock, failure, gate, settled } from "../domain/fakes.ts";
import type { Journal, Store } from "../store/store.ts";
import { intent, outcome, refusal } from "./fakes.ts";
import { Ledger } from "./ledger.ts";

type Step = "check" | "append" | "torn append" | "sync" | "cut" | "replace" | "synced replace";

/** Files in memory. A step that is in `failing` fails. */
class FaultyDisk {
  readonly failing = new Set<Step>();
  readonly steps: Step[] = [];
  ledger: Buffer = Buffer.alloc(0);
  head: Uint8Array | undefined;
  /** What `sync` waits for. */
  syncing: Promise<void> = Promise.resolve();

  private step(step: Step): void {
    this.steps.push(step);
    if (this.failing.has(step)) throw new Error(`no ${step}`);
  }

  get store(): Store {
    return {
      list: async () => [],
      read: async () => this.head,
      create: () => Promise.reject(new Error("the ledger creates nothing")),
      replace: async (_, bytes) => {
        this.step("replace");
        this.head = bytes;
        if (this.failing.has("synced replace")) throw new Error("no sync of the folder");
      },
      openJournal: async () => this.journal(),
      openSnapshot: async () => this.journal(),
      append: () => Promise.reject(new Error("the ledger keeps no log")),
    };
  }

  private journal(): Journal {
    const disk = this;
    let length = disk.ledger.length;
    return {
      get length() {
        return length;
      },
      async *chunks() {
        yield disk.ledger;
      },
      async check() {
        // It changes nothing, so it is no step of its own until it fails.
        if (disk.failing.has("check")) disk.step("check");
      },
      async append(bytes) {
        disk.step("append");
        disk.ledger = Buffer.concat([disk.ledger.subarray(0, length), bytes]);
        disk.step("torn append");
        length += bytes.length;
      },
      async sync() {
        await disk.syncing;
        disk.step("sync");
      },
      async cut(to) {
        disk.step("cut");
        disk.ledger = disk.ledger.subarray(0, to);
        length = to;
      },
      close: async () => undefined,
    };
  }
}

const open = (disk: FaultyDisk) => Ledger.open("/x", { store: disk.store, clock: new FakeClock() });
const count = (disk: FaultyDisk, step: Step) => disk.steps.filter((done) => done === step).length;

/** A ledger with one intent, and from then on these faults. */
async function faulty(...faults: readonly Step[]) {
  const disk = new FaultyDisk();
  const ledger = await open(disk);
  await ledger.record(intent("a")).then(settled);
  for (const fault of faults) disk.failing.add(fault);
  return { disk, ledger };
}

describe("Ledger.record(), on a failing disk", () => {
  test.each(["append", "torn append", "replace"] as const)(
    "record() is unwritable when %s fails, and a later call succeeds",
    async (fault) => {
      const { disk, ledger } = await faulty(fault);
      await expect(ledger.record(intent("b"))).rejects.toMatchObject(failure("ledger.unwritable"));
      disk.failing.clear();
      await ledger.record(outcome("a"));
      await ledger.close();
      await expect(open(disk)).resolves.toBeInstanceOf(Ledger);
    },
  );

  test.each(["append", "torn append", "replace"] as const)(
    "record() leaves nothing behind of what it calls unwritable after a failed %s",
    async (fault) => {
      const { disk, ledger } = await faulty(fault);
      const before = disk.ledger;
      await expect(ledger.record(intent("b"))).rejects.toMatchObject(failure("ledger.unwritable"));
      expect(disk.ledger).toEqual(before);
    },
  );

  test("record() takes an intent back whose head could not be written, so that none stays open", async () => {
    const { disk, ledger } = await faulty("replace");
    await expect(ledger.record(intent("b"))).rejects.toMatchObject(failure("ledger.unwritable"));
    expect(ledger.open).toEqual(new Set(["a"]));
    await settled();
    disk.failing.clear();
    await ledger.record(refusal("b"));
    expect((await open(disk)).open).toEqual(new Set(["a"]));
  });

  test("record() keeps what it wrote if the head moved although its sync failed", async () => {
    const { disk, ledger } = await faulty("synced replace");
    await expect(ledger.record(intent("b"))).rejects.toMatchObject(failure("ledger.unwritable"));
    await settled();
    disk.failing.clear();
    await ledger.record(outcome("a"));
    expect((await open(disk)).open).toEqual(new Set(["b"]));
  });

  test("record() takes an outcome again that was taken back", async () => {
    const { disk, ledger } = await faulty("append");
    await expect(ledger.record(outcome("a"))).rejects.toMatchObject(failure("ledger.unwritable"));
    await settled();
    disk.failing.clear();
    await ledger.record(outcome("a"));
    await expect(ledger.record(outcome("a"))).rejects.toThrow("an outcome needs an intent");
    expect((await open(disk)).open).toEqual(new Set());
  });

  test("open() lets a head catch up that a crash left behind", async () => {
    const { disk } = await faulty();
    const [firstHead, ledger] = [disk.head, await open(disk)];
    await ledger.record(outcome("a"));
    await ledger.close();
    const lastHead = disk.head;
    disk.head = firstHead;
    await (await open(disk)).close();
    expect(disk.head).toEqual(lastHead);
  });

  test.each([
    ["sync", ["sync"]],
    ["append and the cut behind it", ["torn append", "cut"]],
    ["the head and the cut behind it", ["replace", "cut"]],
  ] as const)("record() is broken until the next start when %s fails", async (_, faults) => {
    const { disk, ledger } = await faulty(...faults);
    await expect(ledger.record(intent("b"))).rejects.toMatchObject(failure("ledger.broken"));
    await settled();
    disk.failing.clear();
    const steps = disk.steps.length;
    await expect(ledger.record(outcome("a"))).rejects.toMatchObject(failure("ledger.broken"));
    expect(disk.steps).toHaveLength(steps);
    await (await open(disk)).record(outcome("a"));
    await expect(open(disk)).resolves.toBeInstanceOf(Ledger);
  });

  test("record() syncs the ledger before it moves the head", async () => {
    const { disk } = await faulty();
    expect(disk.steps).toEqual(["replace", "append", "torn append", "sync", "replace"]);
  });

  test("record() doesn't return before the sync does", async () => {
    const { disk, ledger } = await faulty();
    const { promise, open: release } = gate();
    disk.syncing = promise;
    const recorded = ledger.record(outcome("a"));
    expect(await Promise.race([recorded, "waits"])).toBe("waits");
    release();
    await recorded;
  });

  test("record() shares one sync between all that came during the last one", async () => {
    const { disk, ledger } = await faulty();
    const before = count(disk, "sync");
    await Promise.all(Array.from({ length: 20 }, (_, at) => ledger.record(intent(`r${at}`))));
    expect(count(disk, "sync") - before).toBe(2);
    await expect(open(disk)).resolves.toBeInstanceOf(Ledger);
  });

  test("record() refuses all entries of a commit that failed, and none of the next", async () => {
    const { disk, ledger } = await faulty("append");
    const results = await Promise.allSettled([
      ledger.record(intent("b")),
      ledger.record(intent("c")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await settled();
    disk.failing.clear();
    await Promise.all([ledger.record(intent("d")), ledger.record(intent("e"))]);
    expect((await open(disk)).open).toEqual(new Set(["a", "d", "e"]));
  });

  // daemon/request/records.ts does this: an outcome that can't be recorded becomes a failed outcome.
  test("record() leaves a ledger that opens when an outcome is recorded again after the head failed", async () => {
    const { disk, ledger } = await faulty("replace");
    await expect(ledger.record(outcome("a"))).rejects.toThrow("no replace");
    await settled();
    disk.failing.clear();
    await ledger
      .record({ type: "outcome", request: "a", signed: false, failure: "ledger.unwritable" })
      .catch(() => undefined);
    await open(disk);
  });

  test("record() writes an entry that comes right behind another one's end", async () => {
    const { ledger } = await faulty();
    await ledger.record(intent("b"));
    const next = ledger.record(outcome("b")).then(() => "recorded");
    expect(await Promise.race([next, settled().then(settled)])).toBe("recorded");
  });

  test("record() answers when a refused entry is followed by another one at once", async () => {
    const { ledger } = await faulty("append");
    const refused = ledger.record(outcome("a")).catch(() => ledger.record(outcome("a")));
    const answer = refused.catch(() => "answered");
    expect(await Promise.race([answer, settled().then(settled)])).toBe("answered");
  });

  test("open() fails when a torn line can't be dropped", async () => {
    const { disk } = await faulty("cut");
    disk.ledger = Buffer.concat([disk.ledger, Buffer.from("{")]);
    await expect(open(disk)).rejects.toThrow("no cut");
  });

  test("close() waits for what is being written", async () => {
    const { disk, ledger } = await faulty();
    const recorded = ledger.record(outcome("a"));
    await ledger.close();
    expect(count(disk, "replace")).toBe(3);
    await recorded;
  });
});

test("record() writes nothing more once somebody else had the file", async () => {
  const disk = new FaultyDisk();
  const ledger = await Ledger.open("/", { store: disk.store, clock: new FakeClock() });
  await ledger.record(intent("1"));
  const before = Buffer.from(disk.ledger);
  disk.failing.add("check");
  await expect(ledger.record(outcome("1"))).rejects.toMatchObject(failure("ledger.broken"));
  disk.failing.clear();
  await expect(ledger.record(refusal("2"))).rejects.toMatchObject(failure("ledger.broken"));
  expect(disk.ledger).toEqual(before);
  await ledger.close();
});
