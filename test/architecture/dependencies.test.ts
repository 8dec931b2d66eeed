import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock: { packages: Record<string, LockEntry> } = JSON.parse(
  readFileSync(`${root}package-lock.json`, "utf8"),
);

/** What runs beside the keys: everything that is no development dependency. */
const runTime = Object.entries(lock.packages)
  .filter(([path, entry]) => path.includes("node_modules/") && !entry.dev && !entry.link)
  .map(([path, { version, hasInstallScript }]) => ({
    name: path.replace(/^.*node_modules\//, ""),
    version,
    hasInstallScript: hasInstallScript ?? false,
  }));

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

test("every dependency is pinned to one version", () => {
  const manifests = [
    "package.json",
    "packages/signer/package.json",
    "packages/protocol/package.json",
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
