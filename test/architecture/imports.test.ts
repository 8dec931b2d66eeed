import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";
import {
  allowedInDispatcher,
  breachesOf,
  circleIn,
  importPattern,
  importsOf,
  readSource,
  sourceFiles,
} from "./imports.ts";

const signer = `${root}packages/signer/src`;
const dispatcher = `${root}packages/dispatcher/src`;
const protocol = `${root}packages/protocol/src`;
const files = sourceFiles(signer);

test("every import in the signer is allowed by the table, which keeps strangers' bytes from the keys", () => {
  const breaches = files.flatMap((path) => breachesOf(readSource(signer, path), path));
  expect(breaches).toEqual([]);
});

test("a planted import of vault/ in untrusted/ is caught and explained", () => {
  const planted = 'import { Vault } from "../../vault/vault.ts";';
  expect(breachesOf(planted, "untrusted/rpc/envelope.ts")).toEqual([
    {
      from: "untrusted/rpc/envelope.ts",
      to: "vault/vault.ts",
      why: "untrusted/ may import only signable",
    },
  ]);
});

test("a dynamic import, one for its effects and a folder that the table doesn't know are caught too", () => {
  expect(breachesOf('await import("../vault/seal.ts")', "window/x.ts")).toHaveLength(1);
  expect(breachesOf('import "../vault/seal.ts";', "window/x.ts")).toHaveLength(1);
  expect(
    breachesOf('import "./a.ts";\nimport { b } from "../domain/b.ts";', "utils/x.ts"),
  ).toHaveLength(2);
});

test("only approval/decide.ts makes an approval, and the vault imports nothing else of approval/", () => {
  const makers = files.filter((path) =>
    /\bas (?:unknown as )?Approved\b/.test(readSource(signer, path)),
  );
  expect(makers).toEqual(["approval/decide.ts"]);
  const inVault = files.filter((path) => path.startsWith("vault/"));
  const imported = inVault.flatMap((path) => importsOf(readSource(signer, path), path));
  expect(
    imported.filter((path) => path.startsWith("approval/") && path !== "approval/decide.ts"),
  ).toEqual([]);
});

test("concrete parts are named by daemon/assemble.ts and the open-….ts beside it alone", () => {
  const parts = /\/(?:http|ipc|plain|keystore|full-screen|line-mode|stdio|none|vault-worker)\.ts$/;
  const namers = files.filter((path) =>
    [...readSource(signer, path).matchAll(/^import (?!type )[^"]*"([^"]+)"/gm)]
      .map(([, target = ""]) => target)
      .some((target) => !target.startsWith("./") && parts.test(target)),
  );
  expect(namers.sort()).toEqual([
    "daemon/open-files.ts",
    "daemon/open-keys.ts",
    "daemon/open-transports.ts",
    "daemon/open-window.ts",
  ]);
});

test("every import in the dispatcher is allowed by its table, and none of a package but protocol", () => {
  const paths = sourceFiles(dispatcher);
  const breaches = paths.flatMap((path) =>
    breachesOf(readSource(dispatcher, path), path, allowedInDispatcher),
  );
  expect(breaches).toEqual([]);
  const foreign = paths.flatMap((path) =>
    packagesIn(readSource(dispatcher, path)).filter((name) => !name.startsWith("@cleft/protocol/")),
  );
  expect(foreign).toEqual([]);
  expect(packagesIn('import { sign } from "cleft/x.ts";\nimport "node:fs";')).toEqual([
    "cleft/x.ts",
  ]);
});

/** What is imported by name, Node's own left out. */
function packagesIn(source: string): string[] {
  return [...source.matchAll(importPattern)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.startsWith(".") && !target.startsWith("node:"));
}

test("there is no circle of imports", () => {
  const graph = new Map(files.map((path) => [path, importsOf(readSource(signer, path), path)]));
  expect(circleIn(graph)).toBeUndefined();
  const inDispatcher = sourceFiles(dispatcher).map(
    (path) => [path, importsOf(readSource(dispatcher, path), path)] as const,
  );
  expect(circleIn(new Map(inDispatcher))).toBeUndefined();
  expect(
    circleIn(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
});

test("protocol is pure: it imports neither a package nor the signer, and of Node nothing but types", () => {
  const typesOfNode = /^import type \{[^}]*\} from "node:[^"]+";$/gm;
  const foreign = sourceFiles(protocol).flatMap((path) => {
    const source = readSource(protocol, path).replaceAll(typesOfNode, "");
    return [...source.matchAll(importPattern)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^\.\.?\//.test(target) || join(dirname(path), target).startsWith(".."));
  });
  expect(foreign).toEqual([]);
});
