import { expect } from "vitest";
import { waitFor } from "../support/qrexec/calling.ts";
import type { Way } from "./killing.ts";

/** How many intents and signatures are written down. */
export function counts(way: Way) {
  const signatures = way.records("outcome").filter(({ signed }) => signed !== false);
  return { intents: way.records("intent").length, signatures: signatures.length };
}

/** Waits until the signer is busy with nothing. */
export async function idle(way: Way): Promise<void> {
  for (let tries = 0; !/^waiting +0 requests$/m.test((await way.cleft("status")).out); tries++) {
    expect(tries, "a question stayed").toBeLessThan(100);
  }
}

/** Nothing was asked or written twice, every signature has its intent, and no stream is left. */
export async function expectWhole(way: Way): Promise<void> {
  const asked = way.questions();
  expect(asked).toEqual([...new Set(asked)]);
  const intents = way.records("intent");
  const frames = intents.map(({ frame }) => frame);
  expect(frames).toEqual([...new Set(frames)]);
  for (const { request, seq } of way.records("outcome")) {
    const before = intents.filter((intent) => Number(intent["seq"]) < Number(seq));
    expect(before.map((intent) => intent["request"])).toContain(request);
  }
  expect(await way.cleft("audit", "verify")).toMatchObject({ exit: 0, err: "" });
  await idle(way);
  await waitFor(
    () => way.wrappers().length === 1 && way.streams() === 1,
    () => `one call, got ${way.wrappers().length} services and ${way.streams()} streams`,
  );
}
