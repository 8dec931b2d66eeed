import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeClock } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { plainStore } from "../store/plain.ts";
import { RecordedHeaders } from "./headers.ts";
import { Ledger } from "./ledger.ts";
import type { Entry } from "./record.ts";

const header = (block: string, preimage: string, account = "0xa"): Entry => ({
  ...{ type: "intent", request: `${block} ${preimage}`, caller: "c", method: "m", account },
  ...{ kind: "clique", block, preimage, decider: "program", shown: "x" },
});
const asked = (block: string, preimage: string, account = "0xa") => ({ account, block, preimage });

test("hasOther() finds another header of the same number and account, not the same one again", () => {
  const headers = new RecordedHeaders();
  headers.follow(header("7", "0x1"));
  expect(headers.hasOther(asked("7", "0x1"))).toBe(false);
  expect(headers.hasOther(asked("7", "0x2"))).toBe(true);
  expect(headers.hasOther(asked("8", "0x2"))).toBe(false);
  expect(headers.hasOther(asked("7", "0x2", "0xb"))).toBe(false);
  headers.follow(header("7", "0x2"));
  headers.follow(header("7", "0x3"));
  for (const hash of ["0x1", "0x2", "0x3", "0x4"]) {
    expect(headers.hasOther(asked("7", hash))).toBe(true);
  }
});

test("hasOther() knows what was recorded before the ledger was opened", async () => {
  const folder = join(await temporaryFolder());
  const parts = { store: plainStore({ random: () => "r" }), clock: new FakeClock() };
  const ledger = await Ledger.open(folder, parts);
  await ledger.record(header("7", "0x1"));
  await ledger.close();
  const again = await Ledger.open(folder, parts);
  expect(again.headers.hasOther(asked("7", "0x2"))).toBe(true);
  expect(again.headers.hasOther(asked("7", "0x1"))).toBe(false);
  await again.close();
});

test("hasOther() forgets the oldest numbers", () => {
  const headers = new RecordedHeaders();
  for (let block = 0; block <= limits.headersRemembered; block++) {
    headers.follow(header(String(block), "0x1"));
  }
  expect(headers.hasOther(asked("0", "0x2"))).toBe(false);
  expect(headers.hasOther(asked("1", "0x2"))).toBe(true);
});
