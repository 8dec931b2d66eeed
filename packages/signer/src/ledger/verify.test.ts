import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { chainOf, intent, outcome, refusal } from "./fakes.ts";
import type { Head } from "./head.ts";
import { firstLink, linkAfter } from "./record.ts";
import { verifyLedger } from "./verify.ts";

const lines = chainOf([intent("a"), intent("b"), outcome("a"), refusal("c"), intent("d")]);
const whole = Buffer.concat(lines);

/** The link behind the first `count` lines. */
const linkOf = (count: number) =>
  lines.slice(0, count).reduce((link, line) => linkAfter(link, line.subarray(0, -1)), firstLink);

/** The head file's content after `count` records. */
const headOf = (count: number): Head => ({ seq: count, hash: linkOf(count).prev });

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const verify = (bytes: Uint8Array, head: Head | undefined = headOf(5), size = 4096) =>
  verifyLedger(inChunks(bytes, size), head);

describe("verifyLedger()", () => {
  test("verifyLedger() says where the next record goes and which requests are open", async () => {
    const chain = await verify(whole);
    expect(chain).toEqual({ link: linkOf(5), length: whole.length, open: new Set(["b", "d"]) });
  });

  test("verifyLedger() takes an empty ledger without a head", async () => {
    await expect(verifyLedger(inChunks(Buffer.alloc(0), 1), undefined)).resolves.toEqual({
      link: firstLink,
      length: 0,
      open: new Set(),
    });
  });

  test("verifyLedger() finds the same chain however it arrives", async () => {
    const chain = await verify(whole);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length }), async (size) => {
        expect(await verify(whole, headOf(5), size)).toEqual(chain);
      }),
      { numRuns: 20 },
    );
  });

  test("verifyLedger() doesn't count a torn last line", async () => {
    const kept = lines.slice(0, 4).reduce((length, line) => length + line.length, 0);
    for (const end of [kept + 1, whole.length - 1]) {
      const { length, link } = await verify(whole.subarray(0, end), headOf(4));
      expect({ length, link }).toEqual({ length: kept, link: linkOf(4) });
    }
  });

  test("verifyLedger() takes a head that lags behind, as a crash between the files leaves it", async () => {
    await expect(verify(whole, headOf(4))).resolves.toMatchObject({ link: linkOf(5) });
  });
});

describe("verifyLedger(), with noted heads", () => {
  const noted = (...heads: readonly Head[]) =>
    verifyLedger(inChunks(whole, 4096), headOf(5), { noted: heads });

  test("verifyLedger() takes noted heads that are in the chain", async () => {
    await expect(noted(headOf(0), headOf(3), headOf(5))).resolves.toMatchObject({
      link: linkOf(5),
    });
  });

  test("verifyLedger() finds a tail that was cut together with a rewritten head", async () => {
    const kept = Buffer.concat(lines.slice(0, 2));
    await expect(verify(kept, headOf(2))).resolves.toMatchObject({ link: linkOf(2) });
    await expect(
      verifyLedger(inChunks(kept, 4096), headOf(2), { noted: [headOf(4)] }),
    ).rejects.toMatchObject(failure("ledger.broken", "records up to 4 were noted, 2 are left"));
  });

  test("verifyLedger() finds a chain that was written anew since a head was noted", async () => {
    await expect(noted(headOf(2), { seq: 3, hash: "0".repeat(64) })).rejects.toMatchObject(
      failure("ledger.broken", "record 3 is not the one that was noted"),
    );
  });
});

test("verifyLedger() shows each record with all its fields", async () => {
  const seen: unknown[] = [];
  await verifyLedger(inChunks(whole, 4096), headOf(5), {
    see: ({ link, request, fields }) => seen.push([link.seq, request, fields.get("type")]),
  });
  expect(seen).toEqual([
    [1, "a", "intent"],
    [2, "b", "intent"],
    [3, "a", "outcome"],
    [4, "c", "refusal"],
    [5, "d", "intent"],
  ]);
});

describe("verifyLedger(), tampered with", () => {
  const [first = whole, second = whole, third = whole, ...others] = lines;
  const edited = Buffer.from(Buffer.from(second).toString().replace('"nonce":"0"', '"nonce":"1"'));
  const cases: readonly [string, readonly Uint8Array[], Head | undefined, RegExp][] = [
    ["an edited record", [first, edited, third, ...others], headOf(5), /record 3 doesn't follow/],
    ["an edited last record", [first, edited], headOf(2), /record 2 is not the one/],
    ["a dropped record", [first, third, ...others], headOf(5), /expected record 2, got 3/],
    ["a dropped first record", [second, third, ...others], headOf(5), /expected record 1, got 2/],
    ["reordered records", [second, first, third, ...others], headOf(5), /expected record 1, got 2/],
    ["a repeated record", [first, first, ...lines.slice(1)], headOf(5), /expected record 2, got 1/],
    ["a cut tail", [first, second], headOf(5), /records up to 5 were written, 2 are left/],
    ["a removed ledger", [], headOf(5), /records up to 5 were written, 0 are left/],
    ["a head of another chain", lines, { seq: 3, hash: "0".repeat(64) }, /record 3 is not the one/],
    ["a head from the future", lines, { seq: 6, hash: "0".repeat(64) }, /up to 6 were written/],
    ["a head that says nothing was written", lines, { seq: 0, hash: "f".repeat(64) }, /record 0/],
    ["an empty line", [first, Buffer.from("\n"), second], headOf(2), /record 2 can't be read/],
    ["an outcome without intent", chainOf([outcome("a")]), undefined, /record 1 has no intent/],
    [
      "a second outcome",
      chainOf([intent("a"), outcome("a"), outcome("a")]),
      undefined,
      /record 3 has no intent/,
    ],
  ];

  test.each(cases)(
    "verifyLedger() finds %s and names the record",
    async (_, tampered, head, text) => {
      await expect(verify(Buffer.concat(tampered), head)).rejects.toMatchObject(
        failure("ledger.broken", text),
      );
    },
  );

  test("verifyLedger() finds any byte that is changed, if the head is intact", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const tampered = Buffer.from(whole);
          tampered[at] = (tampered[at] ?? 0) ^ flip;
          await expect(verify(tampered)).rejects.toMatchObject(failure("ledger.broken"));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("verifyLedger() doesn't collect a line without end", async () => {
    const endless = Buffer.alloc(limits.ledgerRecordBytesMax + 1, "x");
    await expect(verify(endless, undefined, 65_536)).rejects.toMatchObject(
      failure("ledger.broken", "has no end"),
    );
  });
});
