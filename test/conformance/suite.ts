import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasShared } from "../support/shared.ts";
import { makeHome, type Signer, startSigner } from "../support/signer.ts";
import { type Divergence, readDivergences } from "./divergences.ts";

/** One file of recordings, and how its cases are replayed. */
export interface Suite<C extends { readonly name: string }> {
  readonly file: string;
  readonly cases: readonly C[];
  /** Flags besides those of every signer in tests. */
  readonly args?: readonly string[];
  /** Cases of methods that are not there yet. */
  readonly later?: ReadonlySet<string>;
  /** Sends a case, and throws unless the answer is the recorded one, or that of the divergence. */
  readonly replay: (
    recorded: C,
    signer: Signer,
    divergence: Divergence | undefined,
  ) => Promise<void>;
}

/** Replays every case of a file against the real program and counts the verdicts. */
export function describeRecordings<C extends { readonly name: string }>(suite: Suite<C>): void {
  const { file, cases, args = [], later = new Set(), replay } = suite;
  const divergences = new Map(
    readDivergences().flatMap((row) => (row.file === file ? [[row.name, row]] : [])),
  );

  describe.skipIf(!hasShared)(`recordings of Clef: ${file}`, () => {
    let signer: Signer;
    const verdicts: Record<string, string> = {};

    beforeAll(async () => {
      signer = await startSigner({ home: makeHome({ sample: true }), args });
    });

    afterAll(async () => {
      const count = (verdict: string) =>
        Object.values(verdicts).filter((one) => one === verdict).length;
      const replayed = cases.length - later.size;
      const wrong = replayed - count("equal") - count("divergence");
      console.log(
        `conformance ${file}: ${count("equal")} equal, ${count("divergence")} divergences, ${wrong} wrong, ${later.size} later`,
      );
      await signer.stop();
      signer.home.remove();
    });

    test("there are cases to replay, and names of others are names of cases", () => {
      const names = new Set(cases.map(({ name }) => name));
      expect(names.size).toBe(cases.length);
      expect(cases.length).toBeGreaterThan(later.size);
      expect([...later, ...divergences.keys()].filter((name) => !names.has(name))).toEqual([]);
    });

    for (const recorded of cases) {
      const { name } = recorded;
      test.skipIf(later.has(name))(name, async () => {
        const divergence = divergences.get(name);
        await replay(recorded, signer, divergence);
        verdicts[name] = divergence === undefined ? "equal" : "divergence";
      });
    }
  });
}
