import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock, failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { Ledger } from "../../ledger/ledger.ts";
import type { ActEntry } from "../../ledger/record.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { lockFolder } from "../../store/lock.ts";
import { plainStore } from "../../store/plain.ts";
import { ActRecorder, checkLedger } from "./acts.ts";

const act = (request: string): ActEntry => ({
  type: "act",
  request,
  caller: "cli",
  method: "newaccount",
  account: `0x${"a".repeat(40)}`,
});

async function setUp() {
  const configDir = join(await temporaryFolder(), "config");
  const clock = new FakeClock();
  const parts = { configDir, clock, store: plainStore({ random: () => "r" }) };
  const written = async () =>
    (await readFile(join(configDir, "ledger.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).request);
  const recorder = new ActRecorder(parts);
  onTestFinished(() => recorder.close());
  const record = (request: string) => recorder.record(act(request));
  return { ...parts, parts, recorder, record, written };
}

/** Moves the clock whenever somebody waits for it, until `work` is done. */
async function ticking<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  ended.catch(() => undefined);
  while (!done) {
    if (clock.waiting > 0) clock.advance(limits.ledgerRetryMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ended;
}

test("record() makes the ledger and appends to it; close() gives the lock back", async () => {
  const { written, configDir, record, recorder } = await setUp();
  await record("one");
  await record("two");
  expect(await written()).toEqual(["one", "two"]);
  await expect(lockFolder(configDir)).rejects.toMatchObject(failure("instance.running"));
  await recorder.close();
  await (await lockFolder(configDir)).release();
});

test("record() waits for another command that is about to be done", async () => {
  const { written, clock, configDir, record } = await setUp();
  const lock = await lockFolder(configDir);
  const recorded = record("one");
  while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
  await lock.release();
  await ticking(clock, recorded);
  expect(await written()).toEqual(["one"]);
});

test("record() refuses while another process has the ledger and no signer answers", async () => {
  const { clock, configDir, record } = await setUp();
  const lock = await lockFolder(configDir);
  const refused = ticking(clock, record("one"));
  await expect(refused).rejects.toMatchObject(failure("ledger.unwritable", "another cleft"));
  await lock.release();
});

test("record() refuses a ledger that doesn't verify, and one that others may write", async () => {
  const { configDir, record, recorder } = await setUp();
  await record("one");
  await recorder.close();
  const path = join(configDir, "ledger.jsonl");
  await chmod(path, 0o666);
  await expect(record("two")).rejects.toMatchObject(failure("store.refused"));
  await chmod(path, 0o600);
  await writeFile(path, (await readFile(path, "utf8")).replace("newaccount", "listing"));
  await expect(record("two")).rejects.toMatchObject(failure("ledger.broken"));
});

test("record() refuses where the configuration directory can't be made", async () => {
  const { configDir, record } = await setUp();
  await mkdir(join(configDir, ".."), { recursive: true });
  await writeFile(configDir, "a file");
  await expect(record("one")).rejects.toMatchObject(failure("ledger.unwritable", "EEXIST"));
});

test("checkLedger() takes none and one that verifies, refuses another, and makes nothing", async () => {
  const { parts, configDir, record } = await setUp();
  await checkLedger(parts);
  await expect(readFile(join(configDir, "ledger.jsonl"))).rejects.toThrow("ENOENT");
  await record("one");
  await checkLedger(parts);
  const path = join(configDir, "ledger.jsonl");
  await writeFile(path, (await readFile(path, "utf8")).replace("newaccount", "listing"));
  await expect(checkLedger(parts)).rejects.toMatchObject(failure("ledger.broken"));
});

test("record() leaves a ledger that opens again as it was", async () => {
  const { configDir, store, clock, record } = await setUp();
  await record("one");
  const ledger = await Ledger.open(configDir, { store, clock });
  expect(ledger.open.size).toBe(0);
  await ledger.close();
});
