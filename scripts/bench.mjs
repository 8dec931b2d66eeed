// `npm run bench [-- --quick]`: sets up and prints the tables of bench/bench.ts. No pass, no fail.
import { root, setUp } from "./setup.mjs";

await setUp();
const { build } = await import("esbuild");
// Two levels below the root, as the sources are: they find it by their own place.
const outfile = `${root}node_modules/.cache/cleft-bench.mjs`;
await build({
  entryPoints: [`${root}bench/bench.ts`],
  outfile,
  bundle: true,
  // It brings a program of its own.
  external: ["esbuild"],
  platform: "node",
  format: "esm",
  target: "node20.19",
  logLevel: "warning",
});
await import(outfile);
