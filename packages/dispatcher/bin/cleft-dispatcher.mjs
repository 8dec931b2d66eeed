#!/usr/bin/env node
// The command: it exists before anything is built, so that installing can link it.
import { existsSync } from "node:fs";

const bundle = new URL("../dist/main.mjs", import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  console.error("cleft-dispatcher is not built yet\nhint: npm run build");
  process.exitCode = 1;
}
