import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { type InstalledFile, mark } from "./installed-file.ts";
import { writeInstalled } from "./write-file.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cleft-write-"));
  path = join(folder, "etc/rpc/service");
  mkdirSync(join(folder, "etc"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = (text = "1"): InstalledFile => ({
  path,
  owner: "root",
  content: { kind: "text", text: `# ${mark}\n${text}\n`, mode: 0o755 },
});
const link = (to = "/c/qrexec.sock"): InstalledFile => ({
  path,
  owner: "root",
  content: { kind: "link", to },
});
const modeOf = (at: string) => (lstatSync(at).mode & 0o777).toString(8);
const put = (text: string) => {
  mkdirSync(join(folder, "etc/rpc"), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
};

test("writeInstalled() writes a file and its folder with their modes, and once", async () => {
  expect(await writeInstalled(script())).toEqual({ what: "written" });
  expect([modeOf(path), modeOf(join(folder, "etc/rpc"))]).toEqual(["755", "755"]);
  expect(await writeInstalled(script())).toEqual({ what: "unchanged" });
  expect(await writeInstalled(script("2"))).toEqual({ what: "replaced" });
  expect(readFileSync(path, "utf8")).toContain("2");
  expect(readdirSync(join(folder, "etc/rpc"))).toEqual(["service"]);
});

test("writeInstalled() changes between script and socket, which are both its own", async () => {
  await writeInstalled(script());
  expect(await writeInstalled(link())).toEqual({ what: "replaced" });
  expect(readlinkSync(path)).toBe("/c/qrexec.sock");
  expect(await writeInstalled(link())).toEqual({ what: "unchanged" });
  expect(await writeInstalled(link("/d/qrexec.sock"))).toEqual({ what: "replaced" });
  expect(await writeInstalled(script())).toEqual({ what: "replaced" });
  expect(modeOf(path)).toBe("755");
});

test("writeInstalled() keeps what isn't its own, as something that can't be run", async () => {
  put("#!/bin/sh\nold\n");
  const copy = `${path}.before-cleft`;
  expect(await writeInstalled(script())).toEqual({ what: "kept", copy });
  expect([readFileSync(copy, "utf8"), modeOf(copy)]).toEqual(["#!/bin/sh\nold\n", "644"]);
});

test("writeInstalled() keeps what is too large for its own, without reading it", async () => {
  put(`# ${mark}\n`);
  truncateSync(path, 3 * 2 ** 30);
  expect(await writeInstalled(script())).toMatchObject({ what: "kept" });
  expect(readFileSync(path, "utf8")).toContain(mark);
});

test("writeInstalled() keeps a foreign link, and never writes through it", async () => {
  put("");
  rmSync(path);
  const target = join(folder, "precious");
  writeFileSync(target, "precious");
  symlinkSync(target, path);
  expect(await writeInstalled(script())).toMatchObject({ what: "kept" });
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(lstatSync(path).isFile()).toBe(true);
});

test("writeInstalled() refuses when a copy is there already, and leaves all as it was", async () => {
  put("mine");
  writeFileSync(`${path}.before-cleft`, "older");
  await expect(writeInstalled(script())).rejects.toMatchObject(
    failure("store.refused", "isn't of"),
  );
  expect(readFileSync(path, "utf8")).toBe("mine");
  expect(readdirSync(join(folder, "etc/rpc"))).toHaveLength(2);
});

test("writeInstalled() says what the system refuses", async () => {
  writeFileSync(join(folder, "etc/rpc"), "no folder");
  await expect(writeInstalled(script())).rejects.toMatchObject(failure("store.failed", path));
  expect(existsSync(path)).toBe(false);
});
