import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { cli } from "./cli/cli.ts";
import { powersOf } from "./cli/powers.ts";
import { limits } from "./domain/limits.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where all of it lies, as seen from the bundle; the dispatcher in a tree of npm or in ours. */
const program = {
  node: process.execPath,
  cleft: at("../bin/cleft.mjs"),
  service: at("./qrexec-service.mjs"),
  templates: at("./qubes"),
  dispatchers: [
    at("../../cleft-dispatcher/bin/cleft-dispatcher.mjs"),
    at("../../dispatcher/bin/cleft-dispatcher.mjs"),
  ],
} as const;

/** The bundle of vault/signer-worker.ts, which lies beside this one. */
const vaultWorker = new URL("./signer-worker.mjs", import.meta.url);

/** The bundle of kzg/kzg-worker.ts, with three megabytes that nobody else needs to load. */
const kzgWorker = new URL("./kzg-worker.mjs", import.meta.url);

/** Signatures of methods, by their selectors. */
const methodsFile = at("./methods.bin");

process.umask(0o077);
try {
  const spawnVault = () => new Worker(vaultWorker, { env: {}, execArgv: [] });
  const spawnKzg = (workerData: unknown) =>
    new Worker(kzgWorker, {
      ...{ env: {}, execArgv: [], workerData },
      resourceLimits: { maxOldGenerationSizeMb: limits.kzgMemoryMib },
    });
  const powers = powersOf(process, { spawnVault, spawnKzg, methodsFile, program });
  process.exitCode = await cli(process.argv.slice(2), powers);
} catch (bug) {
  const trace = bug instanceof Error ? bug.stack : String(bug);
  process.stderr.write(`a bug ended cleft, please report it: ${trace}\n`);
  process.exitCode = 2;
}
process.exit();
