import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasShared, shared } from "../support/shared.ts";
import { makeHome, startSigner } from "../support/signer.ts";
import { type GoldenCase, readGolden } from "./golden.ts";

/** What differs from run to run, and the id, which Clef has not. */
function masked(line: string): string {
  return line
    .replace(/^time=\S+/, "time=TIME")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/ id=[0-9a-f-]{36}$/, "");
}

/** Requests with their answers; Clef's runs made one after another. */
function pairsOf(log: string): string[] {
  const lines = log.trim().split("\n").slice(1).map(masked);
  const pairs = lines.flatMap((line, at) => {
    const next = lines[at + 1];
    return line.includes("type=request") && next?.includes("type=response")
      ? [`${line}\n${next}`]
      : [];
  });
  return pairs;
}

/** Sends what was recorded and answers as the recorded window did; returns our log. */
async function replay(cases: readonly GoldenCase[]): Promise<string> {
  const home = makeHome({ sample: true });
  const signer = await startSigner({ home });
  try {
    for (const { request, ui } of cases) {
      const answers = ui.filter(({ dir }) => dir === "ui->clef").map(({ line }) => line);
      signer.window.answerer = () => JSON.parse(answers.shift() ?? "{}").result ?? {};
      const headers = { "content-type": "application/json", "user-agent": "golden/1.0" };
      await fetch(signer.url, { method: "POST", headers, body: request.body }).then((reply) =>
        reply.text(),
      );
    }
    await signer.stop();
    return readFileSync(join(home.configDir, "audit.log"), "utf8");
  } finally {
    await signer.stop("SIGKILL");
    home.remove();
  }
}

/** Why a line of Clef's has no twin here; each of them is a row of docs/DIVERGENCES.md. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/error="validation failed: Invalid checksum/, "only mixed case carries a checksum"],
  [/\\"from\\":\\"0x\\"/, "refused by the parser: no sender"],
  [/\\"gas\\":\\"0x0\\"/, "refused by the parser: no gas"],
  [/\\"nonce\\":\\"0x5\\"/, "refused by the parser: field names in capitals"],
];

const file = "signTransaction-default";

test.skipIf(!hasShared)(`${file}: the audit log has Clef's lines, byte for byte`, async () => {
  const cases = readGolden(`${file}.json`);
  const ours = new Set(pairsOf(await replay(cases)));
  const theirs = pairsOf(readFileSync(`${shared}/golden/audit-${file}.log`, "utf8"));
  const bodies = cases.map(({ response }) => response.body).join("\n");
  /** Some requests of the recorded log are not among the recorded cases. */
  const isCase = (pair: string) => bodies.includes(/ data=([0-9a-f]{10,}) /.exec(pair)?.[1] ?? "");
  const missing = theirs.filter((pair) => !ours.has(pair) && isCase(pair));
  expect(missing.filter((pair) => !reasons.some(([text]) => text.test(pair)))).toEqual([]);
  const equal = theirs.filter((pair) => ours.has(pair)).length;
  console.log(`audit log ${file}: ${equal} equal, ${missing.length} divergences`);
  expect(equal).toBe(17);
});
