import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { account, listingOf, never, transactionWith } from "./fakes.ts";
import { noWindow } from "./none.ts";

const { ask } = noWindow;

test.each([
  ["transaction", () => ask.transaction(transactionWith(), never)],
  ["listing", () => ask.listing(listingOf(1), never)],
  ["password", () => ask.password({ account }, never)],
])("ask() refuses a %s, because nobody is there", async (_, put) => {
  await expect(put()).rejects.toMatchObject(failure("window.lost"));
});

test("tell() needs nobody", () => {
  expect(() => noWindow.tell({ kind: "failed", code: "vault.failed", text: "x" })).not.toThrow();
  expect(noWindow.answeredBy).toBe("program");
});
