import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { temporaryFolder } from "./fakes.ts";
import { MethodFile } from "./method-file.ts";
import { encodedBytes, encodeMethods } from "./method-index.ts";

const methods = [
  { selector: "d0e30db0", signature: "deposit()" },
  { selector: "d0efffff", signature: "on_the_same_shelf()" },
  { selector: "00000000", signature: "first()" },
  { selector: "ffffffff", signature: "last()" },
];

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), "methods.bin");
  await writeFile(path, bytes);
  return path;
}

async function open(path: string): Promise<MethodFile> {
  const file = await MethodFile.open(path);
  onTestFinished(() => file.close());
  return file;
}

test.each([
  ["d0e30db0", ["deposit()", "on_the_same_shelf()"]],
  ["d0e00000", ["deposit()", "on_the_same_shelf()"]],
  ["000fffff", ["first()"]],
  ["ffffffff", ["last()"]],
  ["d0f00000", []],
])("near() gives what stands on the shelf of %s", async (selector, signatures) => {
  const file = await open(await write(encodeMethods(methods)));
  expect(await file.near(selector)).toEqual(signatures);
});

test("encodeMethods() gives the same bytes in whatever order the methods come", () => {
  const [bytes, again] = [encodeMethods(methods), encodeMethods([...methods].reverse())];
  expect(Buffer.compare(bytes, again)).toBe(0);
  expect(Buffer.compare(bytes, encodeMethods([...methods, ...methods]))).toBe(0);
});

test("encodeMethods() makes no shelf that can't be read again", () => {
  const longest = { selector: "00000000", signature: "x".repeat(limits.methodShelfBytesMax) };
  expect(() => encodeMethods([longest])).not.toThrow();
  const longer = { ...longest, signature: `${longest.signature}x` };
  expect(() => encodeMethods([longer])).toThrow("a shelf that can be read");
});

test.each<readonly [string, (bytes: Buffer) => Uint8Array]>([
  ["is empty", () => new Uint8Array()],
  ["is something else", (bytes) => bytes.fill("x", 0, 8)],
  ["lacks its end", (bytes) => bytes.subarray(0, -1)],
  ["goes on behind its end", (bytes) => Buffer.concat([bytes, Buffer.from("x")])],
  ["ends in its index", (bytes) => bytes.subarray(0, 100)],
  ["has shelves out of order", (bytes) => bytes.fill(0xff, 16, 20)],
])("open() refuses a file that %s", async (_what, damage) => {
  const path = await write(damage(Buffer.from(encodeMethods(methods))));
  await expect(MethodFile.open(path)).rejects.toMatchObject(
    failure("store.refused", `${path} is damaged`),
  );
});

test("open() says that there is no file, or none that is one", async () => {
  const folder = await temporaryFolder();
  await expect(MethodFile.open(join(folder, "none"))).rejects.toMatchObject(
    failure("store.failed"),
  );
  await expect(MethodFile.open(folder)).rejects.toMatchObject(failure("store.refused"));
});

test("near() gives what is left of a file that was cut meanwhile", async () => {
  const path = await write(encodeMethods(methods));
  const file = await open(path);
  await truncate(path, encodedBytes + "first()".length);
  expect(await file.near("00000000")).toEqual(["first()"]);
  expect(await file.near("ffffffff")).toEqual([]);
});
