import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Failure, messageOf } from "../../packages/signer/src/domain/failure.ts";
import { root, shared } from "../support/shared.ts";
import { classes, type VectorClass } from "./classes.ts";

/** What came of one case. A refusal that the vector asks for is a pass. */
export type Verdict = "pass" | { readonly refused: VectorClass } | { readonly wrong: string };

export interface Case {
  readonly name: string;
  readonly run: () => Verdict | Promise<Verdict>;
}

/** How the cases of one file are judged. */
export interface VectorFile {
  /** Path below the folder of vectors. */
  readonly file: string;
  /** Passes that there must be: a pass that turns into a refusal is a fault too. */
  readonly passesMin: number;
  readonly cases: () => readonly Case[] | Promise<readonly Case[]>;
}

/** Parses a file of the folder of vectors. Its shape is the reader's guess; a wrong one fails. */
export function readVectors<T>(file: string): T {
  const content: T = JSON.parse(readFileSync(`${shared}/vectors/${file}`, "utf8"));
  return content;
}

/** One test a file: every case counts once, none may be wrong or crash. */
export function testVectors(files: readonly VectorFile[], { skip }: { skip: boolean }): void {
  describe.skipIf(skip)("vectors", { timeout: 180_000 }, () => {
    test.each(files.map((file) => [file.file, file] as const))("%s", async (_name, file) => {
      const tally = await tallyOf(await file.cases());
      print(file.file, tally);
      keep(tally);
      expect(tally.wrong).toEqual([]);
      expect(tally.crashed).toEqual([]);
      expect(tally.passed).toBeGreaterThanOrEqual(file.passesMin);
    });
  });
}

interface Tally {
  total: number;
  passed: number;
  readonly refused: Map<VectorClass, number>;
  readonly wrong: string[];
  readonly crashed: string[];
}

async function tallyOf(cases: readonly Case[]): Promise<Tally> {
  const tally: Tally = { total: 0, passed: 0, refused: new Map(), wrong: [], crashed: [] };
  for (const { name, run } of cases) {
    tally.total++;
    try {
      count(tally, name, await run());
    } catch (error) {
      const text = `${name}: ${messageOf(error)}`;
      (error instanceof Failure ? tally.wrong : tally.crashed).push(text);
    }
  }
  return tally;
}

function count(tally: Tally, name: string, verdict: Verdict): void {
  if (verdict === "pass") tally.passed++;
  else if ("wrong" in verdict) tally.wrong.push(`${name}: ${verdict.wrong}`);
  else tally.refused.set(verdict.refused, (tally.refused.get(verdict.refused) ?? 0) + 1);
}

function print(file: string, { total, passed, refused, wrong, crashed }: Tally): void {
  const declined = [...refused.values()].reduce((sum, number) => sum + number, 0);
  const verdicts = `${passed} pass, ${declined} refused, ${wrong.length} wrong, ${crashed.length} crash`;
  const reasons = [...refused].map(
    ([name, number]) => `\n    ${String(number).padStart(5)}  ${name}: ${classes[name]}`,
  );
  console.log(`vectors ${file}: ${total} cases: ${verdicts}${reasons.join("")}`);
}

/** For the sum that scripts/test.mjs prints; nobody else has this folder. */
function keep({ total, passed, refused, wrong, crashed }: Tally): void {
  const declined = [...refused.values()].reduce((sum, number) => sum + number, 0);
  const counts = {
    total,
    pass: passed,
    refused: declined,
    wrong: wrong.length,
    crash: crashed.length,
  };
  mkdirSync(`${root}node_modules/.cache`, { recursive: true });
  appendFileSync(`${root}node_modules/.cache/cleft-vectors.jsonl`, `${JSON.stringify(counts)}\n`);
}

/** Whether two texts are equal, else both. */
export function same(got: string | undefined, expected: string | undefined): Verdict {
  return got === expected ? "pass" : { wrong: `expected ${expected}, got ${got}` };
}

/** What a function returned, or the Failure that it threw. Anything else goes through. */
export function attempt<T>(run: () => T): T | Failure {
  try {
    return run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
