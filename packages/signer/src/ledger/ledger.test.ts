import { chmod, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FakeClock, failure, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { plainStore } from "../store/plain.ts";
import { intent, outcome, refusal } from "./fakes.ts";
import { headFile, Ledger, ledgerFile } from "./ledger.ts";
import type { Entry } from "./record.ts";

const store = plainStore({ random: () => "r" });
const clock = new FakeClock();
const openIn = (folder: string) => Ledger.open(folder, { store, clock });

/** A closed ledger with these entries, and its two files. */
async function written(...entries: readonly Entry[]) {
  const folder = await temporaryFolder();
  const ledger = await openIn(folder);
  for (const entry of entries) await ledger.record(entry).then(settled);
  await ledger.close();
  return { folder, path: join(folder, ledgerFile), headPath: join(folder, headFile) };
}

const recordsOf = async (path: string) =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

describe("Ledger.record()", () => {
  test("record() writes entries that are there after another start", async () => {
    const { folder, path } = await written(intent("a"), outcome("a"), refusal("b"));
    expect(await recordsOf(path)).toMatchObject([
      { seq: 1, at: new Date(clock.now()).toISOString(), type: "intent", request: "a", nonce: "0" },
      { seq: 2, type: "outcome", request: "a" },
      { seq: 3, type: "refusal", request: "b", failure: "request.denied" },
    ]);
    const again = await openIn(folder);
    await again.record(intent("c"));
    await again.close();
    expect(await recordsOf(path)).toHaveLength(4);
    await expect(openIn(folder).then((ledger) => ledger.close())).resolves.toBeUndefined();
  });

  test("record() keeps the files to their owner and the head at the last record", async () => {
    const { path, headPath } = await written(intent("a"), outcome("a"));
    for (const file of [path, headPath]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(headPath, "utf8"))).toMatchObject({ seq: 2 });
  });

  test("record() chains concurrent entries in the order of calling", async () => {
    const folder = await temporaryFolder();
    const ledger = await openIn(folder);
    const names = Array.from({ length: 50 }, (_, at) => `r${at}`);
    await Promise.all(names.map((name) => ledger.record(intent(name))));
    await ledger.close();
    const records = await recordsOf(join(folder, ledgerFile));
    expect(records).toMatchObject(names.map((request, at) => ({ seq: at + 1, request })));
    const again = await openIn(folder);
    expect(again.open).toEqual(new Set(names));
    await again.close();
  });

  test("record() refuses, or can read again, a listing of very many accounts", async () => {
    const accounts = Array.from({ length: 2000 }, () => `0x${"a".repeat(40)}`);
    const folder = await temporaryFolder();
    const ledger = await openIn(folder);
    const listing = { type: "listing", request: "a", caller: "c", method: "m", accounts } as const;
    await ledger.record(listing).catch(() => undefined);
    await ledger.close();
    await (await openIn(folder)).close();
  });
});

test("record() refuses only the entry that is too long, not those that share its commit", async () => {
  const folder = await temporaryFolder();
  const ledger = await openIn(folder);
  const long = { ...refusal("long"), caller: "x".repeat(limits.ledgerRecordBytesMax) };
  const first = ledger.record(intent("first"));
  const both = [ledger.record(long as Entry), ledger.record(intent("fine"))];
  const results = await Promise.allSettled(both);
  await first;
  await ledger.close();
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});

describe("Ledger.open()", () => {
  test("open() knows which requests a crash cut off", async () => {
    const { folder } = await written(intent("a"), intent("b"), outcome("a"));
    const ledger = await openIn(folder);
    expect(ledger.open).toEqual(new Set(["b"]));
    await ledger.close();
  });

  test("open() drops a torn last line, and the chain goes on behind it", async () => {
    const { folder, path } = await written(intent("a"));
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole, Buffer.from('{"seq":2,"at"')]));
    const ledger = await openIn(folder);
    expect(await readFile(path)).toEqual(whole);
    await ledger.record(outcome("a"));
    await ledger.close();
    const again = await openIn(folder);
    expect(again.open.size).toBe(0);
    await again.close();
  });

  test("open() refuses a ledger whose head is gone, which could hide a cut tail", async () => {
    const { folder, headPath } = await written(intent("a"));
    await rm(headPath);
    await expect(openIn(folder)).rejects.toMatchObject(
      failure("ledger.broken", "head file is gone"),
    );
  });

  test("open() finds a ledger that was cut to an older state", async () => {
    const { folder, path } = await written(intent("a"), outcome("a"));
    await truncate(path, (await readFile(path)).indexOf("\n") + 1);
    await expect(openIn(folder)).rejects.toMatchObject(failure("ledger.broken", "1 are left"));
  });

  test("open() finds an edited record and leaves the evidence alone", async () => {
    const { folder, path } = await written(intent("a"), outcome("a"));
    const edited = (await readFile(path, "utf8")).replace('"valueWei":"1"', '"valueWei":"9"');
    await writeFile(path, edited);
    await expect(openIn(folder)).rejects.toMatchObject(failure("ledger.broken", "record 2"));
    expect(await readFile(path, "utf8")).toBe(edited);
  });

  test.each([
    ["no JSON", "seq 2"],
    ["empty", ""],
    ["without hash", '{"seq":2}'],
    ["with a text as number", '{"seq":"2","hash":""}'],
    ["nested", '{"seq":2,"hash":["x"]}'],
  ])("open() refuses a head that is %s", async (_, head) => {
    const { folder, headPath } = await written(intent("a"), outcome("a"));
    await writeFile(headPath, head);
    await expect(openIn(folder)).rejects.toMatchObject(failure("ledger.broken"));
  });

  test.each([ledgerFile, headFile])("open() refuses a %s that others may read", async (name) => {
    const { folder } = await written(intent("a"));
    await chmod(join(folder, name), 0o640);
    await expect(openIn(folder)).rejects.toMatchObject(failure("store.refused", "640"));
  });
});
