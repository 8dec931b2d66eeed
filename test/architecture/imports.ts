import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Who may import whom in the signer (shared by the table in docs/ARCHITECTURE.md). `domain` and the
 * package `protocol` may be imported by everyone and import nobody.
 */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  signable: [],
  store: [],
  kzg: [],
  untrusted: ["signable"],
  inspect: ["signable"],
  policy: [],
  approval: [],
  ledger: ["store"],
  window: ["approval"],
  vault: ["approval/decide.ts", "store"],
  daemon: ["*"],
  cli: ["daemon", "window", "qubes"],
  service: [],
  qubes: [],
  "main.ts": ["cli"],
};

/** The same in the dispatcher, which holds no key: a stranger's bytes reach the way out by its port. */
export const allowedInDispatcher: typeof allowed = {
  domain: [],
  upstream: [],
  untrusted: ["upstream/upstream.ts"],
  cli: ["untrusted", "upstream"],
  "main.ts": ["cli"],
};

/** An import that the table doesn't allow. */
export interface Breach {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export const importPattern = /(?:\bfrom\s*|\bimport\(\s*|^import\s*)"([^"]+)"/gm;

/** All source files below a folder, relative to it; tests may import what they like. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .filter((path) => !/(?:^|\/)fakes\.ts$/.test(path));
}

/** Local imports of one file, relative to the source folder. */
export function importsOf(source: string, path: string): string[] {
  return [...source.matchAll(importPattern)]
    .map(([, target = ""]) => target)
    .filter((target) => target.startsWith("."))
    .map((target) => relative(".", join(dirname(path), target)));
}

/** Checks one file's imports against the table. */
export function breachesOf(source: string, path: string, table = allowed): Breach[] {
  const from = topOf(path);
  return importsOf(source, path).flatMap((to) => {
    const top = topOf(to);
    const rules = table[from];
    if (rules === undefined) return [{ from: path, to, why: `${from}/ is not in the table` }];
    const fine =
      top === from ||
      top === "domain" ||
      rules.includes("*") ||
      rules.includes(top) ||
      rules.includes(to);
    const may = rules.length === 0 ? "nobody but domain" : `only ${rules.join(", ")}`;
    return fine ? [] : [{ from: path, to, why: `${from}/ may import ${may}` }];
  });
}

/** A circle of imports, as a path that ends where it began; undefined if there is none. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

export function readSource(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** The folder that a path belongs to; a file of the top level stands for itself. */
function topOf(path: string): string {
  return path.split("/")[0] ?? path;
}
