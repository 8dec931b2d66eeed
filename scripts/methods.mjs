// Writes the file of methods: the signatures by which a call is named that nobody explains. They come
// from a package that only collects them (nothing of it runs), and from a list of our own for what is
// newer. Each one is parsed by the parser that will read it, and hashed anew; what isn't the signature
// of a method is left out. The same input gives the same bytes.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./setup.mjs";

const collected = join(
  dirname(createRequire(import.meta.url).resolve("sevm/4bytedb")),
  "functionHashes.min.json",
);

const ours = `${root}packages/signer/data/methods.txt`;

const stamp = `${root}node_modules/.cleft-methods`;

/** Writes the file unless it is there, made of the same by the same. Returns the files that went in. */
export async function writeMethods(path) {
  const code = await bundledCode();
  const made = [code, readFileSync(collected), readFileSync(ours)];
  const stampOf = () => hashOf([...made, readFileSync(path)]);
  const isCurrent =
    existsSync(path) && existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf();
  if (!isCurrent) {
    // A signer that starts meanwhile, or another build, sees the old file or the new one.
    writeFileSync(`${path}.new`, await encode(code));
    renameSync(`${path}.new`, path);
    writeFileSync(stamp, stampOf());
  }
  return [collected.slice(root.length)];
}

async function encode(code) {
  const { encodeMethods, parseMethod, selectorOf, signatureOf } = await import(
    `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`
  );
  const listed = Object.entries(JSON.parse(readFileSync(collected, "utf8")));
  const own = readOurs().map((signature) => [selectorOf(signature), signature]);
  const methods = new Map();
  for (const [selector, signature] of [...listed, ...own]) {
    const method = parseMethod(signature);
    const isCanonical = method !== undefined && signatureOf(method) === signature;
    if (isCanonical && selectorOf(signature) === selector) methods.set(signature, selector);
  }
  const bad = own.filter(([, signature]) => !methods.has(signature));
  if (bad.length > 0) throw new Error(`expected a method in ${ours}, got ${bad[0][1]}`);
  const left = listed.length - listed.filter(([, signature]) => methods.has(signature)).length;
  console.log(`${methods.size} methods are known, ${left} signatures were left out`);
  return encodeMethods([...methods].map(([signature, selector]) => ({ signature, selector })));
}

/** Lines that are neither empty nor a comment. */
function readOurs() {
  return readFileSync(ours, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** What the signer itself parses and hashes with. */
async function bundledCode() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { parseMethod, signatureOf } from "./inspect/abi/type.ts";
        export { selectorOf } from "./inspect/selectors.ts";
        export { encodeMethods } from "./store/method-index.ts";`,
      resolveDir: `${root}packages/signer/src`,
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

function hashOf(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  return hash.digest("hex");
}
