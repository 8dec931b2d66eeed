import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasShared } from "../support/shared.ts";
import { makeHome, type Signer, startSigner } from "../support/signer.ts";
import { readDivergences } from "./divergences.ts";
import { asksForType2, type GoldenCase, maskLines, readGolden } from "./golden.ts";

const file = "signTransaction-default.json";
const cases = hasShared ? readGolden(file).filter(asksForType2) : [];
const divergences = new Map(readDivergences().map((row) => [`${row.file}:${row.name}`, row]));

describe.skipIf(!hasShared)("recordings of Clef", () => {
  let signer: Signer;
  const verdicts: Record<string, string> = {};

  beforeAll(async () => {
    signer = await startSigner({ home: makeHome({ sample: true }) });
  });

  afterAll(async () => {
    console.table(verdicts);
    const count = (verdict: string) => Object.values(verdicts).filter((v) => v === verdict).length;
    const wrong = cases.length - count("equal") - count("divergence");
    console.log(
      `conformance ${file}: ${count("equal")} equal, ${count("divergence")} divergences, ${wrong} wrong`,
    );
    await signer.stop();
    signer.home.remove();
  });

  test("there are cases to replay", () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  test.each(cases.map((recorded) => [recorded.name, recorded] as const))(
    "%s",
    async (name, recorded) => {
      const divergence = divergences.get(`${file}:${name}`);
      const replayed = await replay(signer, recorded);
      if (divergence === undefined) {
        expect(replayed).toEqual(recordingOf(recorded));
        verdicts[name] = "equal";
        return;
      }
      expect(JSON.parse(replayed.body)).toMatchObject({ error: divergence.error });
      expect(replayed.ui).toEqual([]);
      verdicts[name] = "divergence";
    },
  );

  test("every row of the table of divergences is a case that was replayed", () => {
    const names = new Set(cases.map(({ name }) => `${file}:${name}`));
    const rows = [...divergences].filter(([, row]) => row.file === file);
    expect(rows.filter(([key]) => !names.has(key))).toEqual([]);
  });
});

/** Sends the recorded request and answers as the recorded window did. */
async function replay(signer: Signer, recorded: GoldenCase) {
  const answers = recorded.ui.filter(({ dir }) => dir === "ui->clef").map(({ line }) => line);
  signer.window.answerer = () => JSON.parse(answers.shift() ?? "{}").result ?? {};
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

function recordingOf({ response, ui }: GoldenCase) {
  return {
    status: response.status,
    type: response.headers["Content-Type"],
    body: response.body,
    ui: maskLines(ui.filter(({ dir }) => dir === "clef->ui").map(({ line }) => line)),
  };
}
