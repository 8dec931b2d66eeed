// `npm test [suite]`: sets up, runs the tests and ends with one plain line of counts.
// conformance: only the recordings. vectors: all public vectors. slow: very many random examples.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { root, setUp, tool } from "./setup.mjs";

const [suite = "all", ...filters] = process.argv.slice(2);
const suites = {
  all: [],
  conformance: ["test/conformance"],
  vectors: ["test/vectors"],
  slow: ["test/property", "test/fuzz", "test/vectors/selectors"],
};
const paths = suites[suite] ?? [suite, ...filters];
const report = `${root}node_modules/.cache/cleft-tests.json`;

const vectors = `${root}node_modules/.cache/cleft-vectors.jsonl`;

/** One line for all vector files, each of which has added its own. */
function sumVectors() {
  const files = readFileSync(vectors, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const sum = (name) => files.reduce((total, file) => total + file[name], 0);
  const counts = ["pass", "refused", "wrong", "crash"].map((name) => `${sum(name)} ${name}`);
  console.log(`vectors: ${files.length} files, ${sum("total")} cases: ${counts.join(", ")}`);
}

await setUp();
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
rmSync(report, { force: true });
rmSync(vectors, { force: true });
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
  if (existsSync(vectors)) sumVectors();
  console.log(`${numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
} catch {
  console.log("0 passed, 1 failed, 0 skipped");
  process.exitCode = status || 1;
}
