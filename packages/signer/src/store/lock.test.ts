import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { temporaryFolder } from "./fakes.ts";
import { lockFolder } from "./lock.ts";

async function locked(folder: string) {
  const lock = await lockFolder(folder);
  onTestFinished(() => lock.release());
  return lock;
}

test("lockFolder() refuses a second holder and names the process of the first", async () => {
  const folder = await temporaryFolder();
  await locked(folder);
  const taken = failure("instance.running", `(process ${process.pid}) uses ${folder}`);
  await expect(lockFolder(folder)).rejects.toMatchObject(taken);
});

test("lockFolder() gives a released folder to the next one", async () => {
  const folder = await temporaryFolder();
  await (await lockFolder(folder)).release();
  await expect(stat(join(folder, "cleft.pid"))).rejects.toThrow("ENOENT");
  await locked(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject(failure("instance.running"));
});

test("lockFolder() leaves another folder free", async () => {
  await locked(await temporaryFolder());
  await expect(locked(await temporaryFolder())).resolves.toBeDefined();
});

test("lockFolder() makes the folder, and a pid file for its owner only", async () => {
  const folder = join(await temporaryFolder(), "new");
  await locked(folder);
  const pidFile = join(folder, "cleft.pid");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(pidFile)).mode & 0o777).toBe(0o600);
  expect(await readFile(pidFile, "utf8")).toBe(String(process.pid));
});

test("lockFolder() knows a folder by any of its spellings", async () => {
  const folder = await temporaryFolder();
  const link = join(await temporaryFolder(), "link");
  await symlink(folder, link);
  await locked(folder);
  for (const spelling of [link, `${folder}/`, `${folder}/../${folder.split("/").at(-1)}`]) {
    await expect(lockFolder(spelling)).rejects.toMatchObject(failure("instance.running"));
  }
});

test.each(["", "12x", "1\n\u001b[2J", "99999999999"])(
  "lockFolder() names no process when the pid file reads %j",
  async (text) => {
    const folder = await temporaryFolder();
    await locked(folder);
    await writeFile(join(folder, "cleft.pid"), text);
    await expect(lockFolder(folder)).rejects.toMatchObject(
      failure("instance.running", /^another cleft uses /),
    );
  },
);

test("lockFolder() doesn't write through a link in place of the pid file", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "target"), "target");
  await symlink("target", join(folder, "cleft.pid"));
  await locked(folder);
  expect(await readFile(join(folder, "target"), "utf8")).toBe("target");
});

test("lockFolder() takes over where a killed process left its pid file", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "cleft.pid"), "1", { mode: 0o600 });
  await locked(folder);
  expect(await readFile(join(folder, "cleft.pid"), "utf8")).toBe(String(process.pid));
});
