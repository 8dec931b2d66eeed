import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasShared } from "../support/shared.ts";
import { makeHome, type Signer, startSigner } from "../support/signer.ts";
import type { Answerer } from "../support/stdio-window.ts";
import { type Divergence, readDivergences } from "./divergences.ts";
import { type GoldenCase, maskDecoderTexts, maskLines, readGolden } from "./golden.ts";
import { type Answered, type Wire, wires } from "./wires.ts";

type Verdict = "equal" | "divergence";

/** An answer, and what the window was told meanwhile. */
interface Replayed extends Answered {
  readonly ui: readonly string[];
}

/** Recordings of the methods over HTTP with a stdio window, and the flags that they were made with. */
const files: Readonly<Record<string, readonly string[]>> = {
  "signTransaction-default.json": [],
  "signTransaction-default-chain1337.json": ["--chainid", "1337"],
  "signTransaction-advanced.json": ["--advanced"],
  "signData.json": [],
  "signData-validator.json": [],
  "signTypedData.json": [],
  "signTypedData-arrays.json": [],
  "signGnosisSafeTx.json": [],
  "accounts-ecrecover-misc.json": [],
};
const divergences = readDivergences();

describe.skipIf(!hasShared).each(Object.entries(files))("recordings of Clef: %s", (file, args) => {
  const cases = hasShared ? readGolden(file) : [];
  const rows = new Map(
    divergences.filter((row) => row.file === file).map((row) => [row.name, row.answer]),
  );
  let signer: Signer;

  beforeAll(async () => {
    signer = await startSigner({ home: makeHome({ sample: true }), args });
  });

  afterAll(async () => {
    await signer.stop();
    signer.home.remove();
  });

  test("every row of the table of divergences is a case that was replayed", () => {
    const names = new Set(cases.map(({ name }) => name));
    expect([...rows.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  // One signer serves both ways in: a method's answer doesn't depend on who asked before.
  describe.each(wires.map((wire) => [wire.name, wire] as const))("replayed%s", (wireName, wire) => {
    const replayed = cases.filter(({ name }) => !wire.elsewhere.has(name));
    const verdicts: Verdict[] = [];

    afterAll(() => {
      const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
      const counts = `${count("equal")} equal, ${count("divergence")} divergences`;
      const wrong = replayed.length - verdicts.length;
      console.log(`conformance ${file}${wireName}: ${counts}, ${wrong} wrong`);
    });

    test.each(replayed.map((recorded) => [recorded.name, recorded] as const))(
      "%s",
      async (name, recorded) => {
        const reply = await replay(signer, recorded, wire);
        verdicts.push(compare(reply, recorded, { wire, row: rows.get(name) }));
      },
    );
  });
});

/** Throws unless the answer is the recorded one, or that of the divergence. */
function compare(
  { ui: shown, ...replied }: Replayed,
  recorded: GoldenCase,
  { wire, row }: { readonly wire: Wire; readonly row: Divergence["answer"] | undefined },
): Verdict {
  if (row?.kind === "error") {
    const { code, message } = row;
    expect(JSON.parse(replied.body)).toMatchObject({ error: { code, message } });
    return "divergence";
  }
  if (row?.kind === "result") {
    expect(JSON.parse(replied.body)).toMatchObject({ result: row.text });
    return "divergence";
  }
  expect(masked(replied)).toEqual(masked(wire.answerOf(recorded)));
  if (row !== undefined) {
    expect(shown[0]).toContain(row.text);
    return "divergence";
  }
  const lines = recorded.ui.filter(({ dir }) => dir === "clef->ui").map(({ line }) => line);
  expect(shown).toEqual(maskLines(lines.map((line) => wire.lineOf(line))));
  return "equal";
}

/** Behind Clef's sentences on typed data we say where it is. */
function masked({ head, body }: Answered): Answered {
  return { head, body: maskDecoderTexts(body).replace(/ at \\"(?:message|domain)[^"\\]*\\"/, "") };
}

/** Sends the recorded request and answers as the recorded window did. */
async function replay(signer: Signer, recorded: GoldenCase, wire: Wire): Promise<Replayed> {
  signer.window.answerer = answersOf(signer, recorded);
  const before = signer.window.messages.length;
  const answered = await wire.send(signer, recorded);
  await toldAll(signer, before + recorded.ui.filter(({ dir }) => dir === "clef->ui").length);
  return {
    ...answered,
    ui: maskLines(signer.window.messages.slice(before).map(({ line }) => line)),
  };
}

/** Waits, in a bounded loop, for what the window is told beside the answer: blobs take a moment longer. */
async function toldAll({ window }: Signer, count: number): Promise<void> {
  for (let tries = 0; tries < 20 && window.messages.length < count; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What the recorded window said, results and errors, in its order. */
function answersOf({ window }: Signer, { ui }: GoldenCase): Answerer {
  const answers = ui.filter(({ dir }) => dir === "ui->clef").map(({ line }) => JSON.parse(line));
  return ({ id }) => {
    const { result, error } = answers.shift() ?? { result: {} };
    if (error === undefined) return result ?? null;
    window.say(JSON.stringify({ jsonrpc: "2.0", id, error }));
    return undefined;
  };
}
