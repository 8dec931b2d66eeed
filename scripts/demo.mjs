// `npm run demo`, `npm run demo:qubes`: sets up, then tells the story of one payment (test/demo/).
import { mkdirSync } from "node:fs";
import { root, setUp } from "./setup.mjs";

const name = process.argv[2] ?? "demo";

await setUp();
const { build } = await import("esbuild");
const outfile = `${root}node_modules/.cache/cleft-${name}.mjs`;
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
await build({
  entryPoints: [`${root}test/demo/${name}.ts`],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  logLevel: "warning",
});
process.argv[2] = root;
await import(outfile);
