import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dispatcher, startDispatcher } from "../support/dispatcher.ts";
import { hasShared } from "../support/shared.ts";
import { makeHome, type Signer, startSigner } from "../support/signer.ts";
import { readDivergences } from "./divergences.ts";
import { readGolden } from "./golden.ts";
import { replayHttp } from "./http-replay.ts";

const file = "http-transport-default.json";

/** Compression is left out, and a page that isn't listed is told of the list. */
const others = new Set(["gzip", "origin", "origin_preflight"]);

/** Of those that ask the window the claims differ: Clef's plain protocol has no room for them. */
const cases = hasShared
  ? readGolden(file).filter(({ name, ui }) => ui.length === 0 && !others.has(name))
  : [];
const divergences = new Map(
  readDivergences().flatMap((row) => (row.file === file ? [[row.name, row]] : [])),
);

describe.skipIf(!hasShared)("a dispatcher before the signer answers as Clef did", () => {
  let signer: Signer;
  let dispatcher: Dispatcher;

  beforeAll(async () => {
    signer = await startSigner({ home: makeHome({ sample: true }) });
    dispatcher = await startDispatcher(["--ipc", join(signer.home.configDir, "clef.ipc")]);
  });

  afterAll(async () => {
    await dispatcher.stop();
    await signer.stop();
    signer.home.remove();
  });

  test("there are cases to replay", () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  for (const recorded of cases) {
    test(recorded.name, async () => {
      const url = `http://127.0.0.1:${dispatcher.port}/`;
      await replayHttp(recorded, { ...signer, url }, divergences.get(recorded.name));
    });
  }
});
