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

/** A request as it stands on the wire. */
export function request(method: string, params: readonly unknown[] = []): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}
