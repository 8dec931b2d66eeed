// Bundles the signer (the program, the vault's thread, the one for blobs, qrexec's service with what
// is installed on Qubes, the documents, the file of methods, and the second curve library's WebAssembly, which
// that library looks for beside itself) and the dispatcher. What is packed needs nothing else, so the licences of
// what was bundled are written beside it.
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { writeMethods } from "./methods.mjs";
import { noticesOf } from "./notices.mjs";
import { root } from "./setup.mjs";

const signer = `${root}packages/signer/`;

const dispatcher = `${root}packages/dispatcher/`;

export async function build() {
  await buildSigner();
  await buildDispatcher();
}

async function buildSigner() {
  const entryPoints = {
    main: `${signer}src/main.ts`,
    "signer-worker": `${signer}src/vault/signer-worker.ts`,
    "kzg-worker": `${signer}src/kzg/kzg-worker.ts`,
    "qrexec-service": `${signer}src/service/service.ts`,
  };
  const inputs = await bundle(signer, entryPoints);
  inputs.push(...(await writeMethods(`${signer}dist/methods.bin`)));
  const require = createRequire(`${signer}package.json`);
  const library = dirname(require.resolve("tiny-secp256k1"));
  await copyFile(join(library, "..", "secp256k1.wasm"), `${signer}dist/secp256k1.wasm`);
  await cp(`${root}deploy/qubes`, `${signer}dist/qubes`, { recursive: true });
  await copyDocuments();
  await writeFile(`${signer}dist/THIRD-PARTY-NOTICES.txt`, noticesOf(inputs, root));
  await chmod(`${signer}bin/cleft.mjs`, 0o755);
}

/** Those for who uses it. How it became what it is (`adr`) stays in the repository. */
async function copyDocuments() {
  const [from, to] = [`${root}docs/`, `${signer}dist/docs/`];
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith(".md"));
  await Promise.all(names.map((name) => copyFile(from + name, to + name)));
}

/** It contains nothing of others, so there are no notices. */
async function buildDispatcher() {
  await bundle(dispatcher, { main: `${dispatcher}src/main.ts` });
  await chmod(`${dispatcher}bin/cleft-dispatcher.mjs`, 0o755);
}

/** Bundles a package into its `dist` and returns the files that went in. */
async function bundle(folder, entryPoints) {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(await readFile(`${folder}package.json`, "utf8"));
  await mkdir(`${folder}dist`, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints,
    outdir: `${folder}dist`,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    define: { __CLEFT_VERSION__: JSON.stringify(version) },
    logLevel: "warning",
  });
  await copyFile(`${root}LICENSE`, `${folder}LICENSE`);
  return Object.keys(metafile.inputs);
}
