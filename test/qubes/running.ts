import { afterEach } from "vitest";
import { type Qubes, type QubesOptions, startQubes } from "../support/qubes.ts";

const running: Qubes[] = [];

/** Starts qubes that are gone after the test. */
export async function start(options?: QubesOptions): Promise<Qubes> {
  const qubes = await startQubes(options);
  running.push(qubes);
  return qubes;
}

afterEach(async () => {
  for (const qubes of running.splice(0)) await qubes.stop();
});
