import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyLedger } from "../../packages/signer/src/ledger/verify.ts";
import { type Home, makeHome, payment, startSigner } from "../support/signer.ts";

const kills = 50;

test("kill -9 between intent and outcome, 50 times: the ledger verifies and every answer has its intent", async () => {
  const home = makeHome({ sample: true });
  const answered: string[] = [];
  let landed = 0;
  for (let round = 0; landed < kills; round++) {
    expect(round, "too many kills missed the gap").toBeLessThan(2 * kills);
    // Starting verifies what the last kill left behind; a broken ledger would refuse to start.
    const signer = await startSigner({ home });
    const pay = async (nonce: number) => {
      const tx = payment({ nonce: `0x${nonce.toString(16)}` });
      const { result } = await signer.call("account_signTransaction", [tx]);
      answered.push((result as { tx: { hash: string } }).tx.hash);
    };
    await pay(2 * round);
    const before = countOf(home, '"type":"intent"');
    const cutOff = pay(2 * round + 1).catch(() => undefined);
    await untilIntent(home, before);
    await signer.stop("SIGKILL");
    await cutOff;
    if ((await verify(home)).open.size > landed) landed++;
  }
  const last = await startSigner({ home });
  expect(last.log().match(/cut off by a crash/g)).toHaveLength(landed);
  await last.stop();
  expect((await verify(home)).open.size).toBe(kills);
  expect(answered.length).toBeGreaterThanOrEqual(kills);
  for (const hash of answered) expect(intentBefore(readLedger(home), hash)).toBe(true);
  console.log(
    `killed ${landed} times in the gap; ${answered.length} requests were answered, each after its intent and outcome`,
  );
  home.remove();
}, 300_000);

/** Polls without giving the timer a say: the gap is one light derivation, about 50 ms. */
async function untilIntent(home: Home, before: number): Promise<void> {
  while (countOf(home, '"type":"intent"') === before) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Whether the record that names a signed transaction has its request's intent before it. */
function intentBefore(ledger: string, hash: string): boolean {
  const records = ledger
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const outcome = records.findIndex(({ signed }) => signed === hash);
  return records
    .slice(0, outcome)
    .some(({ type, request }) => type === "intent" && request === records[outcome].request);
}

function countOf(home: Home, text: string): number {
  return readLedger(home).split(text).length - 1;
}

function readLedger({ configDir }: Home): string {
  const path = join(configDir, "ledger.jsonl");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function verify({ configDir }: Home) {
  const head = join(configDir, "ledger.head");
  const known = existsSync(head) ? JSON.parse(readFileSync(head, "utf8")) : undefined;
  return verifyLedger(createReadStream(join(configDir, "ledger.jsonl")), known);
}
