import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { systemOf } from "./system.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cleft-read-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const { read } = systemOf({ env: {}, signer: async () => undefined });

test("read() gives a text, also through a link as qrexec does, and none where there is no file", async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  await writeFile(at("text"), "x=1\n");
  await symlink("text", at("link"));
  await symlink("gone", at("nowhere"));
  expect(await read(at("text"))).toEqual({ text: "x=1\n" });
  expect(await read(at("link"))).toEqual({ text: "x=1\n" });
  expect(await read(at("nowhere"))).toBeUndefined();
});

const unreadable: readonly (readonly [string, string, (path: string) => unknown])[] = [
  ["a pipe without a writer", "it is no file", (path) => execFileSync("mkfifo", [path])],
  ["a folder", "it is no file", (path) => mkdir(path)],
  ["a link to a device", "it is no file", (path) => symlink("/dev/zero", path)],
  ["a link to itself", "its links lead in a circle", (path) => symlink(path, path)],
  [
    "a file without end",
    "more than 65536 bytes",
    async (path) => {
      await writeFile(path, "");
      await truncate(path, 3 * 2 ** 30);
    },
  ],
  [
    "a byte too much",
    "more than 65536 bytes",
    (path) => writeFile(path, "x".repeat(limits.installedBytesMax + 1)),
  ],
];

test.each(unreadable)("read() says of %s that it is unreadable, at once", async (_, why, make) => {
  const path = join(await temporaryFolder(), "it");
  await make(path);
  expect(await read(path)).toEqual({ unreadable: expect.stringContaining(why) });
});
