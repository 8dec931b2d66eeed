import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeClock, failure } from "../../domain/fakes.ts";
import { act, chainOf, done, intent, outcome, refusal } from "../../ledger/fakes.ts";
import { encodeHead, headOf } from "../../ledger/head.ts";
import { headFile, Ledger, ledgerFile } from "../../ledger/ledger.ts";
import { type Entry, encodeRecord, firstLink, linkAfter } from "../../ledger/record.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { plainStore } from "../../store/plain.ts";
import type { Store } from "../../store/store.ts";
import { Audit } from "./audit.ts";
import type { AuditFilter } from "./audit-entry.ts";

const store = plainStore({ random: () => "r" });

/** The head of a chain after these lines. */
const headAfter = (lines: readonly Uint8Array[]) =>
  headOf(lines.reduce((link, line) => linkAfter(link, line.subarray(0, -1)), firstLink));

async function writtenIn(folder: string, lines: readonly Uint8Array[], head = headAfter(lines)) {
  await writeFile(join(folder, ledgerFile), Buffer.concat(lines));
  await writeFile(join(folder, headFile), encodeHead(head));
}

/** A folder with a ledger of these entries. */
async function auditOf(entries: readonly Entry[]) {
  const folder = await temporaryFolder();
  const lines = chainOf(entries);
  await writtenIn(folder, lines);
  return { folder, lines, audit: new Audit(folder, store) };
}

const entries = [intent("a"), intent("b"), outcome("a"), refusal("c"), intent("d"), outcome("d")];

describe("Audit.verify()", () => {
  test("verify() reports records, times, head and what is open", async () => {
    const { audit, lines } = await auditOf(entries);
    expect(await audit.verify()).toEqual({
      records: 6,
      firstAt: "1970-01-01T00:00:00.000Z",
      lastAt: "1970-01-01T00:00:00.000Z",
      head: headAfter(lines),
      open: ["b"],
      tornBytes: 0,
      unheaded: 0,
      setBack: 0,
    });
  });

  test("verify() reports a torn tail, a head that lags, and a clock that was set back", async () => {
    const folder = await temporaryFolder();
    const first = encodeRecord(refusal("a"), firstLink, 2000);
    const second = encodeRecord(refusal("b"), linkAfter(firstLink, first.subarray(0, -1)), 1000);
    await writtenIn(folder, [first, second, Buffer.from('{"seq":3')], headAfter([first]));
    expect(await new Audit(folder, store).verify()).toMatchObject({
      records: 2,
      tornBytes: 8,
      unheaded: 1,
      setBack: 1,
    });
  });

  test("verify() takes the empty ledger of a daemon that has just started", async () => {
    const folder = await temporaryFolder();
    await (await Ledger.open(folder, { store, clock: new FakeClock() })).close();
    expect(await new Audit(folder, store).verify()).toMatchObject({ records: 0 });
  });

  test("verify() says that there is no ledger, and where to look", async () => {
    const audit = new Audit(await temporaryFolder(), store);
    await expect(audit.verify()).rejects.toMatchObject(failure("usage", "there is no ledger in"));
  });

  test("verify() finds a tail that was cut together with its head, by a noted head", async () => {
    const { audit, folder, lines } = await auditOf(entries);
    const { seq, hash } = headAfter(lines);
    await audit.verify([`${seq}:${hash}`]);
    await writtenIn(folder, lines.slice(0, 4));
    await audit.verify();
    await expect(audit.verify([`${seq}:${hash}`])).rejects.toMatchObject(
      failure("ledger.broken", "records up to 6 were noted, 4 are left"),
    );
    await expect(audit.verify(["6:x"])).rejects.toMatchObject(failure("usage", "number:hash"));
  });

  test("verify() raises no false alarm beside a daemon that writes", async () => {
    const folder = await temporaryFolder();
    const ledger = await Ledger.open(folder, { store, clock: new FakeClock() });
    const audit = new Audit(folder, store);
    let writing = true;
    const written = (async () => {
      for (let at = 0; at < 150; at++) await ledger.record(refusal(`r${at}`));
      writing = false;
    })();
    let last = 0;
    while (writing) {
      const { records } = await audit.verify();
      expect(records).toBeGreaterThanOrEqual(last);
      last = records;
    }
    await written;
    await ledger.close();
    expect(await audit.verify()).toMatchObject({ records: 150, unheaded: 0 });
  });

  test("verify() looks again if the head moved while it read something torn together", async () => {
    const { folder, lines } = await auditOf(entries);
    let opened = 0;
    const moving: Store = {
      ...store,
      async openSnapshot(path) {
        if (opened++ > 0) await writtenIn(folder, lines);
        return store.openSnapshot(path);
      },
    };
    const mixed = [...lines.slice(0, 4), Buffer.from("half of two\n")];
    await writtenIn(folder, mixed, headAfter(lines.slice(0, 3)));
    const reads: Store = {
      ...moving,
      async read(path, rules) {
        if (opened === 1) await writtenIn(folder, lines);
        return store.read(path, rules);
      },
    };
    expect(await new Audit(folder, reads).verify()).toMatchObject({ records: 6 });
    expect(opened).toBe(2);
  });
});

/** Entries of random requests, each with its outcome somewhere behind it or not at all. */
const chains = fc
  .array(fc.tuple(fc.boolean(), fc.boolean(), fc.string()), { minLength: 2, maxLength: 12 })
  .map((requests) =>
    requests.flatMap(([signs, ends, text], at): Entry[] => {
      const request = `${at}${text}`;
      if (!signs) return [refusal(request)];
      return ends ? [intent(request), outcome(request)] : [intent(request)];
    }),
  );

type Files = { lines: Uint8Array[]; head: Uint8Array | undefined };

/** One tampering of each class; `at` and `by` are any numbers. */
const mutations: Record<string, (files: Files, at: number, by: number) => Files> = {
  "a byte edited": ({ lines, head }, at, by) => {
    const bytes = Buffer.concat(lines);
    const place = at % bytes.length;
    bytes[place] = (bytes[place] ?? 0) ^ (1 + (by % 255));
    return { lines: [bytes], head };
  },
  "a line dropped": ({ lines, head }, at) => ({
    lines: lines.toSpliced(at % lines.length, 1),
    head,
  }),
  "lines swapped": ({ lines, head }, at, by) => {
    const one = at % lines.length;
    const other = (one + 1 + (by % (lines.length - 1))) % lines.length;
    const pick = (place: number) => (place === one ? other : place === other ? one : place);
    return { lines: lines.map((_, place) => lines[pick(place)] ?? Buffer.alloc(0)), head };
  },
  "a line repeated": ({ lines, head }, at) => {
    const place = at % lines.length;
    return { lines: lines.toSpliced(place, 0, lines[place] ?? Buffer.alloc(0)), head };
  },
  "the tail cut": ({ lines, head }, at) => {
    const bytes = Buffer.concat(lines);
    return { lines: [bytes.subarray(0, at % bytes.length)], head };
  },
  "the head removed": ({ lines }) => ({ lines, head: undefined }),
  "a byte of the head edited": ({ lines, head }, at, by) => {
    const bytes = Buffer.from(head ?? "");
    bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 + (by % 255));
    return { lines, head: bytes };
  },
  "the head cut": ({ lines, head }, at) => ({ lines, head: head?.subarray(0, at % head.length) }),
  "the ledger removed": ({ head }) => ({ lines: [], head }),
};

describe("Audit.verify(), tampered with", () => {
  test.each(Object.entries(mutations))("verify() always finds %s", async (_, mutate) => {
    const folder = await temporaryFolder();
    const audit = new Audit(folder, store);
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), fc.nat(), async (chain, at, by) => {
        const lines = chainOf(chain);
        await writtenIn(folder, lines);
        await audit.verify();
        const tampered = mutate({ lines, head: encodeHead(headAfter(lines)) }, at, by);
        await writeFile(join(folder, ledgerFile), Buffer.concat(tampered.lines));
        if (tampered.head === undefined) await rm(join(folder, headFile));
        else await writeFile(join(folder, headFile), tampered.head);
        await expect(audit.verify()).rejects.toMatchObject(failure("ledger.broken"));
      }),
      { numRuns: 40 },
    );
  });
});

describe("Audit.entries()", () => {
  const idsOf = async (audit: Audit, filter: AuditFilter) => {
    const ids: string[] = [];
    for await (const { record, lines } of audit.entries(filter)) {
      ids.push(`${record?.get("request") ?? "unreadable"} ${lines.length}`);
    }
    return ids;
  };

  test("entries() joins an intent with its outcome, in the order of asking", async () => {
    const { audit } = await auditOf(entries);
    expect(await idsOf(audit, { by: "last", count: 9 })).toEqual(["a 2", "b 1", "c 1", "d 2"]);
    expect(await idsOf(audit, { by: "last", count: 2 })).toEqual(["c 1", "d 2"]);
  });

  test("entries() joins an act with its end; one of an old ledger has none", async () => {
    const acts = [act("old"), act("a"), intent("i"), done("a"), act("b"), refusal("r")];
    const ended = [refusal("b"), outcome("i"), refusal("b"), done("x")];
    const { audit } = await auditOf([...acts, ...ended]);
    const all = ["old 1", "a 2", "i 2", "b 2", "r 1", "b 1", "x 1"];
    for (let count = 1; count <= all.length; count++) {
      expect(await idsOf(audit, { by: "last", count })).toEqual(all.slice(-count));
    }
    expect(await audit.verify()).toMatchObject({ records: 10, open: [] });
  });

  test("entries() takes no end of an act for that of an intent of the same id", async () => {
    const { audit } = await auditOf([intent("a"), act("a"), done("a")]);
    expect(await idsOf(audit, { by: "last", count: 2 })).toEqual(["a 1", "a 2"]);
    expect(await audit.verify()).toMatchObject({ open: ["a"] });
  });

  test("entries() finds a request by the beginning of its id, and an account", async () => {
    const other = { ...refusal("c"), account: `0x${"e".repeat(40)}` } as Entry;
    const listing = { ...refusal("l"), type: "listing", accounts: [`0x${"e".repeat(40)}`] };
    const { audit } = await auditOf([intent("abc"), other, intent("xyz"), listing as Entry]);
    expect(await idsOf(audit, { by: "request", prefix: "ab" })).toEqual(["abc 1"]);
    expect(await idsOf(audit, { by: "account", address: `0x${"e".repeat(40)}` })).toEqual([
      "c 1",
      "l 1",
    ]);
  });

  test("entries() gives what can be read of a broken ledger, and then says so", async () => {
    const { audit, folder } = await auditOf(entries);
    const path = join(folder, ledgerFile);
    await writeFile(path, (await readFile(path, "utf8")).replace('"nonce":"0"', '"nonce":"7"'));
    await appendFile(path, "no record\n");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { record } of audit.entries({ by: "last", count: 3 })) {
        seen.push(String(record?.get("request") ?? "unreadable"));
      }
    })();
    await expect(reading).rejects.toMatchObject(failure("ledger.broken", "record 2"));
    expect(seen).toEqual(["c", "d", "unreadable"]);
  });
});
