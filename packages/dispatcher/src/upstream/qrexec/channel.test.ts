import { expect, test } from "vitest";
import { type Ending, failureOf, mayRetry } from "./channel.ts";

const exit = (code: number, stderr = ""): Ending => ({ kind: "exit", code, stderr });
const systemError = (code: string) => Object.assign(new Error(code), { code });

test.each<[string, Ending, string, number, boolean]>([
  ["126", exit(126, "Request refused"), "qrexec.denied", 403, false],
  ["127 without a word", exit(127), "qrexec.missing", 502, true],
  ["127 with words", exit(127, "cleft: not found"), "qrexec.down", 502, true],
  ["125", exit(125), "qrexec.down", 502, true],
  ["1, vchan", exit(1, "Data vchan connection failed"), "qrexec.crowded", 503, true],
  ["1, timeout", exit(1, "vchan connection timeout"), "qrexec.crowded", 503, true],
  ["1, agent", exit(1, "connect: No such file or directory"), "qrexec.absent", 502, false],
  ["1, caller", exit(1, "cleft: the call names no valid caller"), "qrexec.failed", 502, false],
  ["1 without a word", exit(1), "qrexec.failed", 502, false],
  ["2", exit(2, "usage"), "qrexec.usage", 500, false],
  ["255", exit(255, "vchan connection closed early"), "qrexec.died", 502, true],
  ["137", exit(137), "qrexec.killed", 502, false],
  ["0", exit(0), "qrexec.closed", 502, false],
  ["a signal", { kind: "killed", by: "SIGTERM", stderr: "" }, "qrexec.killed", 502, false],
  [
    "no such program",
    { kind: "unspawned", cause: systemError("ENOENT") },
    "qrexec.absent",
    502,
    false,
  ],
  [
    "no room for a process",
    { kind: "unspawned", cause: systemError("EAGAIN") },
    "qrexec.absent",
    502,
    true,
  ],
  ["silence", { kind: "silent" }, "signer.silent", 504, false],
  ["the signer's no", { kind: "refused", why: "x" }, "qrexec.refused", 403, false],
  ["nonsense", { kind: "strange", why: "x" }, "qrexec.strange", 502, false],
])("failureOf() and mayRetry() know %s", (_, ending, code, status, retry) => {
  expect(failureOf(ending)).toMatchObject({ code, status });
  expect(mayRetry(ending)).toBe(retry);
});
