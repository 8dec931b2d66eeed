import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { makeHome, payment, startSigner } from "../support/signer.ts";

/**
 * Largest tarball, bytes. Most of it are the KZG set-up, a curve and a megabyte of methods' names, which
 * a reader needs offline; what slips in shows here.
 */
const tarballBytesMax = 4_500_000;

let folder = "";
let tarball: { filename: string; size: number; files: { path: string }[] };

/** Runs npm with nothing of the repository in its way, and without the network. */
function npm(args: readonly string[], cwd: string): string {
  const options = { cwd, encoding: "utf8", env: cleanEnvironment() } as const;
  const { status, stdout, stderr } = spawnSync("npm", [...args, "--ignore-scripts"], options);
  if (status !== 0) throw new Error(`npm ${args[0]}: ${stderr}`);
  return stdout;
}

/** `npm test` hands its own configuration down. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cleft-pack-"));
  // The bundle is already built, and packing must not build it under the other suites' feet.
  const packed = npm(["pack", "--json", "--pack-destination", folder], `${root}packages/signer`);
  tarball = JSON.parse(packed)[0];
  mkdirSync(join(folder, "machine"));
  writeFileSync(join(folder, "machine", "package.json"), "{}");
  npm(
    ["install", "--offline", "--no-audit", "--no-fund", join(folder, tarball.filename)],
    join(folder, "machine"),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const installed = () => join(folder, "machine", "node_modules");

test("the tarball holds the program, its documents and licences, and nothing else", () => {
  expect(tarball.files.map(({ path }) => path).sort()).toEqual([
    "LICENSE",
    "README.md",
    "bin/cleft.mjs",
    "dist/THIRD-PARTY-NOTICES.txt",
    ...[
      "ARCHITECTURE",
      "AUDIT",
      "CONFIGURATION",
      "DIVERGENCES",
      "METHODS",
      "QUBES",
      "SECURITY",
    ].map((name) => `dist/docs/${name}.md`),
    "dist/kzg-worker.mjs",
    "dist/main.mjs",
    "dist/methods.bin",
    "dist/qrexec-service.mjs",
    "dist/qubes/30-cleft.policy",
    "dist/qubes/cleft-dispatcher.service",
    "dist/qubes/cleft-vault-start",
    "dist/qubes/cleft-vault.desktop",
    "dist/qubes/qubes.Clefsign",
    "dist/secp256k1.wasm",
    "dist/signer-worker.mjs",
    "package.json",
  ]);
  expect(tarball.size).toBeLessThan(tarballBytesMax);
});

test("the package's README names every document that comes with it, and no other", () => {
  const packed = tarball.files.map(({ path }) => path).filter((path) => /^dist\/docs\//.test(path));
  const readme = readFileSync(join(installed(), "cleft", "README.md"), "utf8");
  const named = [...readme.matchAll(/\]\((dist\/docs\/[^)]+)\)/g)].map(([, path]) => path);
  expect(named.sort()).toEqual(packed.sort());
});

test("installing it installs one package, from the tarball alone", () => {
  expect(readdirSync(installed()).filter((name) => !name.startsWith("."))).toEqual(["cleft"]);
});

test("the installed command says its version and makes an account", () => {
  const command = join(installed(), ".bin", "cleft");
  const run = (args: readonly string[], input = "") =>
    spawnSync(command, args, { cwd: folder, input, encoding: "utf8" });
  expect(run(["--version"]).stdout).toMatch(/\d+\.\d+\.\d+/);
  const keystore = join(folder, "keystore");
  const files = ["--keystore", keystore, "--configdir", join(folder, "config")];
  const made = run(
    [...files, "--lightkdf", "--suppress-bootwarn", "newaccount"],
    "a long password\n",
  );
  expect(made.stderr).not.toMatch(/^Fatal/m);
  expect(readdirSync(keystore)).toEqual([expect.stringMatching(/^UTC--.*--[0-9a-f]{40}$/)]);
});

test("the installed daemon answers and signs", async () => {
  const home = makeHome({ sample: true });
  const signer = await startSigner({ home, command: join(installed(), ".bin", "cleft") });
  try {
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
    expect(await signer.call("account_signTransaction", [payment()])).toMatchObject({
      result: { raw: expect.stringMatching(/^0x02/) },
    });
  } finally {
    await signer.stop();
    home.remove();
  }
});

test("the dispatcher's tarball holds its program and nothing else", () => {
  const packed = npm(["pack", "--json", "--dry-run"], `${root}packages/dispatcher`);
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(packed);
  expect(files.map(({ path }) => path).sort()).toEqual([
    "LICENSE",
    "README.md",
    "bin/cleft-dispatcher.mjs",
    "dist/main.mjs",
    "package.json",
  ]);
});
