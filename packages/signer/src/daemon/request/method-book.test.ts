import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hex } from "@cleft/protocol/hex.ts";
import { expect, onTestFinished, test } from "vitest";
import { FakeLog } from "../../domain/fakes.ts";
import { signatureOf } from "../../inspect/abi/type.ts";
import { selectorOf } from "../../inspect/selectors.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { encodeMethods } from "../../store/method-index.ts";
import { Cleanups } from "../cleanups.ts";
import { openMethodBook } from "./method-book.ts";

const deposit = "d0e30db0";
const transfer = "a9059cbb";

async function bookOf(bytes: Uint8Array | "none") {
  const methodsFile = join(await temporaryFolder(), "methods.bin");
  if (bytes !== "none") await writeFile(methodsFile, bytes);
  const [log, cleanups] = [new FakeLog(), new Cleanups()];
  onTestFinished(() => cleanups.run());
  const book = await openMethodBook({ methodsFile, log, cleanups });
  const known = async (selector: string) => {
    const data: Hex = `0x${selector}${"00".repeat(64)}`;
    const methodsOf = await book.lookUp(data);
    return methodsOf(selector).map(({ method, source }) => [source, signatureOf(method)]);
  };
  return { log, cleanups, book, known };
}

const fileOf = (...signatures: string[]) =>
  encodeMethods(signatures.map((signature) => ({ signature, selector: selectorOf(signature) })));

const standard = [["standard", "transfer(address,uint256)"]];

test("lookUp() finds a method of the file by its selector, and those that need none", async () => {
  const { known, log, book } = await bookOf(fileOf("deposit()", "transfer(address,uint256)"));
  expect(await known(deposit)).toEqual([["selector", "deposit()"]]);
  expect(await known(transfer)).toEqual(standard);
  expect(await known("12345678")).toEqual([]);
  expect((await book.lookUp(undefined))(deposit)).toEqual([]);
  expect((await book.lookUp("0xd0e30d"))(deposit)).toEqual([]);
  expect(log.lines).toEqual([]);
});

test("lookUp() believes no file that puts another method under a selector", async () => {
  const wrong = encodeMethods([{ selector: deposit, signature: "withdraw(uint256)" }]);
  const { known } = await bookOf(wrong);
  expect(await known(deposit)).toEqual([]);
});

test.each([
  ["is missing", "none"],
  ["is damaged", Buffer.from("damaged")],
] as const)("openMethodBook() warns of a file that %s, and goes on", async (_what, bytes) => {
  const { known, log } = await bookOf(bytes);
  expect(await known(deposit)).toEqual([]);
  expect(await known(transfer)).toEqual(standard);
  expect(log.lines).toEqual(["warn Only the methods of standard tokens are known"]);
});

test("lookUp() warns once when the file can't be read any more, and goes on", async () => {
  const { known, log, cleanups } = await bookOf(fileOf("deposit()"));
  // What reads from a closed file gets an error of the system.
  await cleanups.run();
  expect(await known(deposit)).toEqual([]);
  expect(await known(transfer)).toEqual(standard);
  expect(log.lines).toEqual(["warn Only the methods of standard tokens are known"]);
});
