import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { root } from "../support/shared.ts";

const documents = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" }).map(
    (path) => `docs/${path}`,
  ),
].filter((path) => path.endsWith(".md"));

test("every link of the documents leads somewhere", () => {
  const dead = documents.flatMap((path) =>
    [...readFileSync(root + path, "utf8").matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter(
        (target) => !target.startsWith("http") && !existsSync(join(root, dirname(path), target)),
      )
      .map((target) => `${path}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test.each([
  [
    "SECURITY.md",
    `at most ${limits.questionsMax} wait, and at most ${limits.questionsMax / 2} of one caller`,
  ],
  [
    "CONFIGURATION.md",
    `A batch of a qube has at most ${limits.qubeBatchMax} requests, one over HTTP at most ${limits.batchMax}`,
  ],
])("docs/%s says what the limits are: %s", (name, claim) => {
  const text = readFileSync(`${root}docs/${name}`, "utf8").replace(/\s+/g, " ");
  expect(text).toContain(claim);
});

test("every row of docs/DIVERGENCES.md names a test that exists", () => {
  const text = readFileSync(`${root}docs/DIVERGENCES.md`, "utf8");
  const cells = [...text.matchAll(/\| ((?:`[^`]+\.test\.ts`(?:, )?)+) \|$/gm)];
  const named = cells.flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));
  const places = [root, `${root}packages/`, `${root}packages/signer/src/`];
  const missing = named.filter((path) => !places.some((place) => existsSync(place + path)));
  expect(named.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});
