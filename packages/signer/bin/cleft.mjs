#!/usr/bin/env node
// The command: it exists before anything is built, so that installing can link it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = new URL("../dist/main.mjs", import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  console.error(`cleft is not built yet\nhint: run this once: npm run build --prefix "${root}"`);
  process.exitCode = 1;
}
