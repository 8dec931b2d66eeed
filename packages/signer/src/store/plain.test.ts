import { execFileSync } from "node:child_process";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { temporaryFolder } from "./fakes.ts";
import { plainStore } from "./plain.ts";

let count = 0;
const store = plainStore({ random: () => String(count++) });
const rules = { bytesMax: 10, private: true };
const bytes = (text: string) => new TextEncoder().encode(text);
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const refused = (message: string) => failure("store.refused", message);

describe("read()", () => {
  test("read() gives the bytes, or undefined if there is no such file", async () => {
    const folder = await temporaryFolder();
    await store.replace(join(folder, "a"), bytes("0123456789"));
    expect(await store.read(join(folder, "a"), rules)).toEqual(bytes("0123456789"));
    expect(await store.read(join(folder, "b"), rules)).toBeUndefined();
    expect(await store.read(join(folder, "b", "c"), rules)).toBeUndefined();
  });

  test("read() refuses a file that is too large", async () => {
    const path = join(await temporaryFolder(), "a");
    await store.replace(path, bytes("0123456789x"));
    await expect(store.read(path, rules)).rejects.toMatchObject(refused("at most 10 bytes"));
  });

  test.each([0o640, 0o604, 0o620, 0o601, 0o777])(
    "read() refuses mode %o only of a private file",
    async (mode) => {
      const path = join(await temporaryFolder(), "a");
      await writeFile(path, "x");
      await chmod(path, mode);
      await expect(store.read(path, rules)).rejects.toMatchObject(refused("expected mode 600"));
      expect(await store.read(path, { ...rules, private: false })).toEqual(bytes("x"));
    },
  );

  test.each([
    [0o600, 0o644, 0o440, 0o444, 0o755],
    [0o620, 0o602, 0o664, 0o666, 0o777],
  ])(
    "read() lets others read a readable file, not write it (%o and the like)",
    async (...modes) => {
      const path = join(await temporaryFolder(), "a");
      await writeFile(path, "x");
      const readable = { ...rules, private: "readable" as const };
      for (const mode of modes) {
        await chmod(path, mode);
        const read = store.read(path, readable);
        if ((mode & 0o022) === 0) expect(await read).toEqual(bytes("x"));
        else await expect(read).rejects.toMatchObject(refused("expected mode 644"));
      }
    },
  );

  test.skipIf(process.getuid?.() !== 0)("read() refuses a file of another user", async () => {
    const path = join(await temporaryFolder(), "a");
    await writeFile(path, "x", { mode: 0o600 });
    await chown(path, 65_534, 65_534);
    for (const privacy of [true, "readable"] as const) {
      await expect(store.read(path, { ...rules, private: privacy })).rejects.toMatchObject(
        refused("belongs to another user"),
      );
    }
  });

  test("read() refuses a symbolic link, to a file or to nothing", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "target"), "x", { mode: 0o600 });
    await symlink("target", join(folder, "link"));
    await symlink("nowhere", join(folder, "dangling"));
    for (const name of ["link", "dangling"]) {
      const read = store.read(join(folder, name), { ...rules, private: false });
      await expect(read).rejects.toMatchObject(refused("symbolic link"));
    }
  });

  test("read() refuses a folder and a pipe, without waiting for a writer", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "folder"), { mode: 0o700 });
    execFileSync("mkfifo", ["-m", "600", join(folder, "pipe")]);
    for (const name of ["folder", "pipe"]) {
      await expect(store.read(join(folder, name), rules)).rejects.toMatchObject(
        refused("not a regular file"),
      );
    }
  });
});

describe("replace()", () => {
  test("replace() makes folder and file for their owner only", async () => {
    const folder = join(await temporaryFolder(), "x", "y");
    await store.replace(join(folder, "a"), bytes("1"));
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(folder, "a"))).toBe(0o600);
  });

  test("replace() leaves the new content and no temporary file", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "a");
    await writeFile(path, "old and longer", { mode: 0o644 });
    await store.replace(path, bytes("new"));
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(folder)).toEqual(["a"]);
  });

  test("replace() puts a file where a link was and leaves its target alone", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "target"), "target");
    await symlink("target", join(folder, "a"));
    await store.replace(join(folder, "a"), bytes("new"));
    expect((await lstat(join(folder, "a"))).isFile()).toBe(true);
    expect(await readFile(join(folder, "target"), "utf8")).toBe("target");
  });

  test("replace() never writes through a temporary name that is taken", async () => {
    const folder = await temporaryFolder();
    const clumsy = plainStore({ random: () => "same" });
    await writeFile(join(folder, "target"), "target");
    await symlink("target", join(folder, ".a.tmpsame"));
    await expect(clumsy.replace(join(folder, "a"), bytes("new"))).rejects.toThrow("EEXIST");
    expect(await readFile(join(folder, "target"), "utf8")).toBe("target");
  });

  test("replace() never lets a reader see half a file", async () => {
    const path = join(await temporaryFolder(), "a");
    const texts = ["a".repeat(5000), "b".repeat(9000)];
    const write = async () => {
      for (let at = 0; at < 20; at++) await store.replace(path, bytes(texts[at % 2] ?? ""));
    };
    await store.replace(path, bytes(texts[0] ?? ""));
    let writing = true;
    const written = write().finally(() => {
      writing = false;
    });
    while (writing) expect(texts).toContain(await readFile(path, "utf8"));
    await written;
  });

  test("replace() leaves no temporary file when it can't rename", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "a"));
    await expect(store.replace(join(folder, "a"), bytes("x"))).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["a"]);
  });
});

describe("create()", () => {
  test("create() makes folder and file for their owner only", async () => {
    const path = join(await temporaryFolder(), "keystore", "a");
    await store.create(path, bytes("key"));
    expect(await readFile(path, "utf8")).toBe("key");
    expect([await modeOf(path), await modeOf(join(path, ".."))]).toEqual([0o600, 0o700]);
  });

  test("create() refuses a name that is taken, by a dangling link too", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "old");
    await symlink("nowhere", join(folder, "link"));
    for (const name of ["file", "link"]) {
      const created = store.create(join(folder, name), bytes("new"));
      await expect(created).rejects.toMatchObject(refused("already exists"));
    }
    expect(await readFile(join(folder, "file"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["file", "link"]);
  });

  test("create() lets only one of two make the same file", async () => {
    const path = join(await temporaryFolder(), "a");
    const both = [store.create(path, bytes("one")), store.create(path, bytes("two"))];
    const results = await Promise.allSettled(both);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("create() never lets a reader see half a file", async () => {
  const folder = await temporaryFolder();
  const names = Array.from({ length: 20 }, (_, at) => join(folder, `a${at}`));
  const seen = new Set<string>();
  for (const path of names) {
    let creating = true;
    const created = store.create(path, bytes("whole")).finally(() => {
      creating = false;
    });
    while (creating) seen.add(await readFile(path, "utf8").catch(() => "absent"));
    await created;
  }
  expect(seen).not.toContain("");
});

describe("list()", () => {
  test("list() names regular files only, sorted", async () => {
    const folder = await temporaryFolder();
    for (const name of ["b", "a", ".c"]) await writeFile(join(folder, name), name);
    await mkdir(join(folder, "folder"));
    await symlink("a", join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect((await store.list(folder)).map(({ name }) => name)).toEqual([".c", "a", "b"]);
  });

  test("list() spells a name that is not UTF-8, and gives no stamp of it", async () => {
    const folder = await temporaryFolder();
    await writeFile(Buffer.from(`${folder}/k\xff`, "latin1"), "");
    await writeFile(join(folder, "\ufffdä"), "");
    expect(await store.list(folder)).toEqual([
      { name: "k\\xff", stamp: undefined },
      { name: "\ufffdä", stamp: expect.any(String) },
    ]);
  });

  test("list() is empty where there is no folder", async () => {
    expect(await store.list(join(await temporaryFolder(), "none"))).toEqual([]);
  });

  test("list() changes the stamp with the content, even at the same size", async () => {
    const folder = await temporaryFolder();
    const stamp = async () => (await store.list(folder))[0]?.stamp;
    await store.replace(join(folder, "a"), bytes("1"));
    const before = await stamp();
    expect(await stamp()).toBe(before);
    await store.replace(join(folder, "a"), bytes("2"));
    expect(await stamp()).not.toBe(before);
  });
});
