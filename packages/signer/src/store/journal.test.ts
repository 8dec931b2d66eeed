import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  copyFile,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { temporaryFolder } from "./fakes.ts";
import { plainStore } from "./plain.ts";
import type { Journal } from "./store.ts";

const store = plainStore({ random: () => "r" });
const bytes = (text: string) => new TextEncoder().encode(text);

async function contentOf(journal: Journal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of journal.chunks()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function newJournal() {
  const path = join(await temporaryFolder(), "folder", "journal");
  return { path, journal: await store.openJournal(path) };
}

test("openJournal() makes folder and file for their owner only", async () => {
  const { path, journal } = await newJournal();
  expect(journal.length).toBe(0);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
  await journal.close();
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ["was removed", (path) => rm(path)],
  [
    "was replaced",
    async (path) => rename(path, `${path}.old`).then(() => copyFile(`${path}.old`, path)),
  ],
  ["was written or cut", (path) => truncate(path, 0)],
  ["was written or cut", (path) => appendFile(path, "x")],
])("check() notices that the file %s", async (what, act) => {
  const { path, journal } = await newJournal();
  await journal.append(bytes("one "));
  await journal.check();
  await act(path);
  await expect(journal.check()).rejects.toMatchObject(failure("store.refused", what));
  await journal.close();
});

test("append() goes on where the file ended, and sync() keeps it", async () => {
  const { path, journal } = await newJournal();
  await journal.append(bytes("one "));
  await journal.sync();
  await journal.close();
  const again = await store.openJournal(path);
  await again.append(bytes("two"));
  await again.sync();
  expect(again.length).toBe(7);
  expect(await contentOf(again)).toBe("one two");
  await again.close();
});

test("chunks() gives a long file from its beginning, as often as asked", async () => {
  const { journal } = await newJournal();
  const text = "0123456789".repeat(20_000);
  await journal.append(bytes(text));
  expect(await contentOf(journal)).toBe(text);
  expect(await contentOf(journal)).toBe(text);
  await journal.close();
});

test("cut() drops the end, and append() goes on there", async () => {
  const { path, journal } = await newJournal();
  await journal.append(bytes("whole torn"));
  await journal.cut(6);
  expect(journal.length).toBe(6);
  await journal.append(bytes("line"));
  await journal.close();
  expect(await readFile(path, "utf8")).toBe("whole line");
});

test("append() leaves no part behind when it fails", async () => {
  const { path, journal } = await newJournal();
  await journal.append(bytes("kept"));
  await journal.close();
  await expect(journal.append(bytes("lost"))).rejects.toThrow();
  expect(journal.length).toBe(4);
  expect(await readFile(path, "utf8")).toBe("kept");
});

test("openJournal() refuses a link, a pipe and a wide mode", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "wide"), "");
  await chmod(join(folder, "wide"), 0o644);
  await symlink("nowhere", join(folder, "link"));
  execFileSync("mkfifo", ["-m", "600", join(folder, "pipe")]);
  for (const [name, message] of [
    ["wide", "expected mode 600"],
    ["link", "symbolic link"],
    ["pipe", "not a regular file"],
  ] as const) {
    await expect(store.openJournal(join(folder, name))).rejects.toMatchObject(
      failure("store.refused", message),
    );
  }
});
