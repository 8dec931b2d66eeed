import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { root } from "../shared.ts";

const here = `${root}test/support/qrexec/`;

/** The two programs of a world. */
export interface Programs {
  readonly client: string;
  readonly agent: string;
}

/** Makes plain programs that start fast, once for each state of the source. */
export function bundle(): Programs {
  const cache = `${root}node_modules/.cache`;
  const folder = join(cache, `qrexec-${stateOfSource()}`);
  if (!isThere(folder)) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, "qrexec-"));
    build(made);
    try {
      renameSync(made, folder);
    } catch (error) {
      // Another test made the same one first.
      rmSync(made, { recursive: true });
      if (!isThere(folder)) throw error;
    }
  }
  return { client: join(folder, "client.mjs"), agent: join(folder, "agent.mjs") };
}

function build(outdir: string): void {
  buildSync({
    entryPoints: { client: `${here}client.ts`, agent: `${here}agent.ts` },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
  });
}

function stateOfSource(): string {
  const hash = createHash("sha256");
  const names = readdirSync(here).filter((name) => /(?<!\.test)\.ts$/.test(name));
  for (const name of names.sort()) hash.update(readFileSync(here + name));
  return hash.digest("hex").slice(0, 16);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
