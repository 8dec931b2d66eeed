import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { plainStore } from "../store/plain.ts";
import { encodeHead, parseNoted, readHead } from "./head.ts";

const store = plainStore({ random: () => "r" });
const hash = "a1".repeat(32);
const rules = { private: false };

async function headFileWith(content: Uint8Array | string): Promise<string> {
  const path = join(await temporaryFolder(), "head");
  await writeFile(path, content);
  return path;
}

test("readHead() reads what encodeHead() wrote, and nothing if there is no file", async () => {
  const path = await headFileWith(encodeHead({ seq: 7, hash }));
  expect(await readHead(store, path, rules)).toEqual({ seq: 7, hash });
  expect(await readHead(store, `${path}-none`, rules)).toBeUndefined();
});

test.each([
  ["a space", `{"seq": 7,"hash":"${hash}"}`],
  ["another spelling of the number", `{"seq":7.0,"hash":"${hash}"}`],
  ["another field", `{"seq":7,"hash":"${hash}","x":1}`],
  ["a newline", `{"seq":7,"hash":"${hash}"}\n`],
  ["another order", `{"hash":"${hash}","seq":7}`],
])("readHead() refuses one with %s, which nobody but an editor writes", async (_, text) => {
  const path = await headFileWith(text);
  await expect(readHead(store, path, rules)).rejects.toMatchObject(failure("ledger.broken"));
});

test("parseNoted() reads a head as it is printed, and nothing else", () => {
  expect(parseNoted(`41:${hash}`)).toEqual({ seq: 41, hash });
  for (const wrong of ["41", hash, `41:${hash}0`, `041:${hash}`, `41:${hash.toUpperCase()}`]) {
    expect(parseNoted(wrong)).toBeUndefined();
  }
});
