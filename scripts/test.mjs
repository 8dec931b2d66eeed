// `npm test [suite]`: sets up, runs the tests and ends with one plain line of counts.
// conformance: only the recordings. slow: the property tests with very many runs.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { root, setUp, tool } from "./setup.mjs";

const [suite = "all", ...filters] = process.argv.slice(2);
const paths = { all: [], conformance: ["test/conformance"], slow: ["test/property"] }[suite] ?? [
  suite,
  ...filters,
];
const report = `${root}node_modules/.cache/cleft-tests.json`;

await setUp();
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
rmSync(report, { force: true });
const status = tool(
  "vitest/vitest.mjs",
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...paths],
  { env: { ...process.env, CLEFT_TESTS: suite } },
);
process.exitCode = status;
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } =
    JSON.parse(readFileSync(report, "utf8"));
  // A file that can't even be loaded has no tests to count.
  const failed = numFailedTests === 0 && numFailedTestSuites > 0 ? 1 : numFailedTests;
  const skipped = numPendingTests + numTodoTests;
  console.log(`${numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
} catch {
  console.log("0 passed, 1 failed, 0 skipped");
  process.exitCode = status || 1;
}
