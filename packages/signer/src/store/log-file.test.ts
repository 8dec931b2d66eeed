import {
  chmod,
  link,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { temporaryFolder } from "./fakes.ts";
import { plainStore } from "./plain.ts";
import type { Snapshot } from "./store.ts";

const store = plainStore({ random: () => "r" });
const bytes = (text: string) => new TextEncoder().encode(text);
const add = (path: string, text: string, bytesMax = 1000, begins = "") =>
  store.append(path, bytes(text), { bytesMax, begins });

async function contentOf(snapshot: Snapshot | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of snapshot?.chunks() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("append() makes a private file and goes on at its end", async () => {
  const path = join(await temporaryFolder(), "log");
  await add(path, "one\n");
  await add(path, "two\n");
  expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("append() makes no folder: its name may be a slip", async () => {
  const path = join(await temporaryFolder(), "new", "log");
  await expect(add(path, "one\n")).rejects.toMatchObject(failure("store.failed"));
  await expect(stat(dirname(path))).rejects.toThrow("ENOENT");
});

test("append() goes on at the end of a file that was moved away or cut", async () => {
  const path = join(await temporaryFolder(), "log");
  await add(path, "one\n");
  await rename(path, `${path}.old`);
  await add(path, "two\n");
  expect(await readFile(path, "utf8")).toBe("two\n");
  await truncate(path, 0);
  await add(path, "three\n");
  expect(await readFile(path, "utf8")).toBe("three\n");
});

test("append() puts a file aside that would grow too long", async () => {
  const path = join(await temporaryFolder(), "log");
  await add(path, "one\n", 8);
  await add(path, "two\n", 8);
  await add(path, "three\n", 8);
  expect(await readFile(path, "utf8")).toBe("three\n");
  expect(await readFile(`${path}.1`, "utf8")).toBe("one\ntwo\n");
});

test("append() leaves a file alone that is no such log", async () => {
  const path = join(await temporaryFolder(), "key");
  await writeFile(path, '{"version":3}', { mode: 0o600 });
  await expect(add(path, "time=1\n", 1000, "time=")).rejects.toMatchObject(
    failure("store.refused", "is another file"),
  );
  // Nor is it put aside for being too long.
  await expect(add(path, "time=1\n", 1, "time=")).rejects.toMatchObject(failure("store.refused"));
  expect(await readFile(path, "utf8")).toBe('{"version":3}');
  await writeFile(path, "");
  await add(path, "time=1\n", 1000, "time=");
  await add(path, "time=2\n", 1000, "time=");
  expect(await readFile(path, "utf8")).toBe("time=1\ntime=2\n");
});

test("append() refuses a link, and takes a log of ours that others may read from them", async () => {
  const folder = await temporaryFolder();
  await symlink(join(folder, "target"), join(folder, "link"));
  await expect(add(join(folder, "link"), "x")).rejects.toMatchObject(failure("store.refused"));
  await writeFile(join(folder, "wide"), "");
  await chmod(join(folder, "wide"), 0o644);
  await add(join(folder, "wide"), "x");
  expect((await stat(join(folder, "wide"))).mode & 0o777).toBe(0o600);
  await link(join(folder, "wide"), join(folder, "other"));
  await expect(add(join(folder, "other"), "x")).rejects.toMatchObject(
    failure("store.refused", "hard link"),
  );
  await writeFile(join(folder, "key"), "{}", { mode: 0o644 });
  await expect(add(join(folder, "key"), "x", 1000, "time=")).rejects.toMatchObject(
    failure("store.refused", "is another file"),
  );
  expect((await stat(join(folder, "key"))).mode & 0o777).toBe(0o644);
});

test("openSnapshot() ends where the file ended when it was opened", async () => {
  const path = join(await temporaryFolder(), "journal");
  await writeFile(path, "one\n", { mode: 0o644 });
  const snapshot = await store.openSnapshot(path);
  await writeFile(path, "one\ntwo\n");
  expect(snapshot?.length).toBe(4);
  expect(await contentOf(snapshot)).toBe("one\n");
  await snapshot?.close();
});

test("openSnapshot() makes nothing and follows no link", async () => {
  const folder = await temporaryFolder();
  expect(await store.openSnapshot(join(folder, "none"))).toBeUndefined();
  await symlink("nowhere", join(folder, "link"));
  await expect(store.openSnapshot(join(folder, "link"))).rejects.toMatchObject(
    failure("store.refused", "symbolic link"),
  );
});
