import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { hasCommand, parseStory, Story } from "./story.ts";

const folder = `${root}test/stories`;
const needs: { suite: string; commands: string[]; packages: string[] }[] = JSON.parse(
  readFileSync(`${root}test/needs.json`, "utf8"),
);
const { commands = [], packages = [] } = needs.find(({ suite }) => suite === "test/stories") ?? {};
const missing = commands.filter((command) => !hasCommand(command));
if (missing.length > 0) {
  console.warn(`SKIPPED test/stories: no ${missing.join(", ")}; apt install ${packages.join(" ")}`);
}

const stories = readdirSync(folder).filter((name) => name.endsWith(".story"));

test.skipIf(missing.length > 0).each(stories)("%s", async (name) => {
  const steps = parseStory(readFileSync(`${folder}/${name}`, "utf8"));
  expect(steps.length).toBeGreaterThan(2);
  await new Story().run(steps);
});
