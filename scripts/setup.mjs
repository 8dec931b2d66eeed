// What every command of the repository needs first: a Node that is new enough and an installed
// tree that matches the lock file. Plain JavaScript, because nothing is installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = `${root}node_modules/.cleft-lock`;

/** Runs a program with our streams, never with a stdin that it could wait for. */
export function run(command, args, { env = process.env, cwd = root } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw error;
  return status ?? 1;
}

/** Runs a tool of the installed tree. */
export function tool(path, args, options) {
  return run(process.execPath, [`${root}node_modules/${path}`, ...args], options);
}

/** Leaves the process when a step failed; its own output has said why. */
export function need(status, step) {
  if (status === 0) return;
  console.error(`${step} failed`);
  process.exit(status);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`expected Node 20.19 or newer, got ${process.versions.node}`);
  process.exit(1);
}

/** Installs when the tree is missing or belongs to another lock file. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("installing the packages of package-lock.json ...");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  need(npm ? run(process.execPath, [npm, ...args]) : run("npm", args), "npm ci");
  writeFileSync(stamp, lock);
}

/** Node, tree and bundle: after this the program runs. */
export async function setUp() {
  checkNode();
  install();
  const { build } = await import("./bundle.mjs");
  await build();
}
