// `npm run demo`: sets up, then tells the story of one payment (test/demo/demo.ts).
import { mkdirSync } from "node:fs";
import { root, setUp } from "./setup.mjs";

await setUp();
const { build } = await import("esbuild");
const outfile = `${root}node_modules/.cache/cleft-demo.mjs`;
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
await build({
  entryPoints: [`${root}test/demo/demo.ts`],
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
