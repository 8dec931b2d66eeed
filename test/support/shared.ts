import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Recordings and vectors lie beside the repository and are no part of it. */
export const shared: string = fileURLToPath(new URL("../../../shared", import.meta.url));

/** Whether they are there; a suite that needs them says so when it is skipped. */
export const hasShared: boolean = existsSync(`${shared}/golden`);
// Demos and benchmarks need none.
if (!hasShared && process.env["VITEST"] !== undefined) {
  console.warn(`SKIPPED: no recordings in ${shared}`);
}
