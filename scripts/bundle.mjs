// Bundles the signer: the program, the vault's thread, and the second curve library's WebAssembly,
// which that library looks for beside itself. What is packed needs nothing else, so the licences of
// what was bundled are written beside it.
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { noticesOf } from "./notices.mjs";
import { root } from "./setup.mjs";

const signer = `${root}packages/signer/`;

export async function build() {
  const { build: bundle } = await import("esbuild");
  const { version } = JSON.parse(await readFile(`${signer}package.json`, "utf8"));
  await mkdir(`${signer}dist`, { recursive: true });
  const { metafile } = await bundle({
    absWorkingDir: root,
    metafile: true,
    entryPoints: {
      main: `${signer}src/main.ts`,
      "signer-worker": `${signer}src/vault/signer-worker.ts`,
    },
    outdir: `${signer}dist`,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    define: { __CLEFT_VERSION__: JSON.stringify(version) },
    logLevel: "warning",
  });
  const require = createRequire(`${signer}package.json`);
  const library = dirname(require.resolve("tiny-secp256k1"));
  await copyFile(join(library, "..", "secp256k1.wasm"), `${signer}dist/secp256k1.wasm`);
  const notices = noticesOf(Object.keys(metafile.inputs), root);
  await writeFile(`${signer}dist/THIRD-PARTY-NOTICES.txt`, notices);
  await copyFile(`${root}LICENSE`, `${signer}LICENSE`);
  await chmod(`${signer}bin/cleft.mjs`, 0o755);
}
