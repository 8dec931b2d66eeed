import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";

interface LockEntry {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock: { packages: Record<string, LockEntry> } = JSON.parse(
  readFileSync(`${root}package-lock.json`, "utf8"),
);

/**
 * What runs beside the keys: the signer's own development dependencies, which are bundled into it,
 * and what they depend on. Tools are dependencies of the root.
 */
const runTime = closureOf(
  Object.keys(lock.packages["packages/signer"]?.devDependencies ?? {}),
  "packages/signer",
).map(([path, { version, hasInstallScript }]) => ({
  name: path.replace(/^.*node_modules\//, ""),
  version,
  hasInstallScript: hasInstallScript ?? false,
}));

/** The lock's entries of some packages and of all that they need, as seen from a folder. */
function closureOf(names: readonly string[], from: string): readonly [string, LockEntry][] {
  const found = new Map<string, LockEntry>();
  const visit = (name: string, folder: string) => {
    const path = placeOf(name, folder);
    const entry = lock.packages[path];
    if (entry === undefined) throw new Error(`${name} is not in the lock file`);
    if (entry.link || found.has(path)) return;
    found.set(path, entry);
    for (const next of Object.keys(entry.dependencies ?? {})) visit(next, path);
  };
  for (const name of names) visit(name, from);
  return [...found];
}

/** Where Node finds a package: in the nearest node_modules up the tree. */
function placeOf(name: string, folder: string): string {
  const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
  if (path in lock.packages || folder === "") return path;
  return placeOf(name, folder.replace(/(?:^|\/)(?:node_modules\/)?(?:@[^/]+\/)?[^/]+$/, ""));
}

test("docs/SECURITY.md lists exactly the packages that run, each with its version and its why", () => {
  const text = readFileSync(`${root}docs/SECURITY.md`, "utf8");
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([\d.]+) \| (.+) \|$/gm)];
  const listed = rows.map(([, name, version]) => `${name} ${version}`);
  const running = runTime.map(({ name, version }) => `${name} ${version}`);
  expect(listed.sort()).toEqual([...new Set(running)].sort());
  for (const [, , , why] of rows) expect(why?.length).toBeGreaterThan(20);
});

test("no package that runs has an install script", () => {
  expect(runTime.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

/** Packages of which the program contains a list and no code: tools of the build, for the rest. */
const dataOf = ["sevm"];

test("the packed program depends on nothing: all that runs is bundled, with its licence", () => {
  const manifest = JSON.parse(readFileSync(`${root}packages/signer/package.json`, "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.scripts)).toEqual(["prepack"]);
  const notices = readFileSync(`${root}packages/signer/dist/THIRD-PARTY-NOTICES.txt`, "utf8");
  const bundled = [...notices.matchAll(/^(\S+) ([\d.]+) \([\w. -]+\)$/gm)];
  const running = runTime.map(({ name, version }) => `${name} ${version}`);
  const foreign = bundled.filter(([, name, version]) => !running.includes(`${name} ${version}`));
  expect(bundled.length).toBeGreaterThan(4);
  expect(foreign.map(([, name]) => name)).toEqual(dataOf);
});

test("the dispatcher depends on nothing but what both sides say", () => {
  const manifest = JSON.parse(readFileSync(`${root}packages/dispatcher/package.json`, "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.devDependencies)).toEqual(["@cleft/protocol"]);
  expect(Object.keys(manifest.scripts)).toEqual(["prepack"]);
});

test("every dependency is pinned to one version", () => {
  const manifests = [
    "package.json",
    "packages/signer/package.json",
    "packages/protocol/package.json",
    "packages/dispatcher/package.json",
  ];
  for (const path of manifests) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(`${root}${path}`, "utf8"),
    );
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});
