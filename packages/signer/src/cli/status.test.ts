import { isObject, parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { statusLines } from "./status.ts";

const status = {
  pid: 4711,
  state: "ready",
  since: "2026-11-25T14:52:03.123Z",
  http: "n/a",
  ipc: "/home/user/.clef/clef.ipc",
  qrexec: "n/a",
  chains: ["1", "11155111"],
  window: "terminal",
  accounts: 1,
  waiting: 1,
  unlocked: [
    {
      account: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
      caller: "any",
      until: "2026-11-25T17:12:04.000Z",
      usesLeft: 1,
    },
  ],
  ledger: { records: 1, hash: "ab" },
};

/** The lines of a status two hours and five minutes after the start. */
function linesOf(changes: object = {}): string {
  const fields = parseJson(JSON.stringify({ ...status, ...changes }), limits.json);
  if (!isObject(fields)) throw new Error("no object");
  return statusLines(fields, Date.parse("2026-11-25T16:57:04.000Z")).join("\n");
}

test("statusLines() says times, accounts and counts as a person reads them", () => {
  expect(linesOf()).toBe(`state     ready
process   4711, since 2026-11-25 14:52:03Z (2 h 5 min ago)
http      off
ipc       /home/user/.clef/clef.ipc
qrexec    off
chains    1, 11155111
window    terminal
accounts  1
waiting   1 request
unlocked  0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 for any caller
          1 signature until 2026-11-25 17:12:04Z (15 min left)
ledger    1 record, head 1:ab`);
});

test("statusLines() has plurals, and no line for what isn't unlocked", () => {
  const text = linesOf({ waiting: 0, unlocked: [], ledger: { records: 2, hash: "ab" } });
  expect(text).toContain("waiting   0 requests\nledger    2 records, head 2:ab");
});
