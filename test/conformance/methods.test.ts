import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasShared } from "../support/shared.ts";
import { makeHome, type Signer, startSigner } from "../support/signer.ts";
import type { Answerer } from "../support/stdio-window.ts";
import { readDivergences } from "./divergences.ts";
import { type GoldenCase, laterKind, maskDecoderTexts, maskLines, readGolden } from "./golden.ts";

/** Recordings of the methods over HTTP with a stdio window, and the flags that they were made with. */
const files: Readonly<Record<string, readonly string[]>> = {
  "signTransaction-default.json": [],
  "signTransaction-default-chain1337.json": ["--chainid", "1337"],
  "signTransaction-advanced.json": ["--advanced"],
  "signData.json": [],
  "accounts-ecrecover-misc.json": [],
};
const divergences = readDivergences();

describe.skipIf(!hasShared).each(Object.entries(files))("recordings of Clef: %s", (file, args) => {
  const cases = hasShared ? readGolden(file) : [];
  const rows = new Map(
    divergences.filter((row) => row.file === file).map((row) => [row.name, row.answer]),
  );
  const counts: Record<string, number> = { equal: 0, divergence: 0, later: 0 };
  const count = (verdict: string) => {
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  };
  let signer: Signer;

  beforeAll(async () => {
    signer = await startSigner({ home: makeHome({ sample: true }), args });
  });

  afterAll(async () => {
    const { equal = 0, divergence = 0, later = 0 } = counts;
    const wrong = cases.length - equal - divergence - later;
    console.log(
      `conformance ${file}: ${equal} equal, ${divergence} divergences, ${later} later, ${wrong} wrong`,
    );
    await signer.stop();
    signer.home.remove();
  });

  test.each(cases.map((recorded) => [recorded.name, recorded] as const))(
    "%s",
    async (name, recorded) => {
      const replayed = await replay(signer, recorded);
      const row = rows.get(name);
      const later = laterKind(recorded);
      if (row?.kind === "error") {
        expect(JSON.parse(replayed.body)).toMatchObject({
          error: { code: row.code, message: row.message },
        });
        return count("divergence");
      }
      if (later !== undefined) {
        expect(replayed.body).toMatch(/is not implemented yet|are not implemented yet|-32602/);
        return count("later");
      }
      const { ui, ...reply } = recordingOf(recorded);
      const { ui: shown, ...replied } = replayed;
      expect({ ...replied, body: maskDecoderTexts(replied.body) }).toEqual(reply);
      if (row === undefined) expect(shown).toEqual(ui);
      else expect(shown[0]).toContain(row.text);
      count(row === undefined ? "equal" : "divergence");
    },
  );

  test("every row of the table of divergences is a case that was replayed", () => {
    const names = new Set(cases.map(({ name }) => name));
    expect([...rows.keys()].filter((name) => !names.has(name))).toEqual([]);
  });
});

/** Sends the recorded request and answers as the recorded window did. */
async function replay(signer: Signer, recorded: GoldenCase) {
  signer.window.answerer = answersOf(signer, recorded);
  const before = signer.window.messages.length;
  const {
    "Content-Length": _length,
    Host: _host,
    Connection: _connection,
    ...headers
  } = recorded.request.headers;
  const response = await fetch(signer.url, {
    method: "POST",
    headers,
    body: recorded.request.body,
  });
  return {
    status: `HTTP/1.1 ${response.status} ${response.statusText}`,
    type: response.headers.get("content-type"),
    body: await response.text(),
    ui: maskLines(signer.window.messages.slice(before).map(({ line }) => line)),
  };
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

function recordingOf({ response, ui }: GoldenCase) {
  return {
    status: response.status,
    type: response.headers["Content-Type"],
    body: maskDecoderTexts(response.body),
    ui: maskLines(ui.filter(({ dir }) => dir === "clef->ui").map(({ line }) => line)),
  };
}
