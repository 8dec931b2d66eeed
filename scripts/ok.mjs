// `npm run ok`: format, lint, types, tests; what has to be green before a commit.
import { need, setUp, tool } from "./setup.mjs";

await setUp();
need(tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]), "format and lint");
need(tool("typescript/bin/tsc", ["--noEmit"]), "types");
await import("./test.mjs");
