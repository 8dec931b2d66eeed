import { expect, test } from "vitest";
import { callerWith, failure } from "../domain/fakes.ts";
import { account, listingOf, never, transactionWith } from "./fakes.ts";
import { noWindow } from "./none.ts";

const { ask } = noWindow;

test.each([
  ["transaction", () => ask.transaction(transactionWith(), never)],
  ["listing", () => ask.listing(listingOf(1), never)],
  ["new account", () => ask.newAccount({ caller: callerWith() }, never)],
  ["new password", () => ask.newPassword({ attempt: 0, again: false }, never)],
  ["password", () => ask.password({ account, signs: "transaction", attempt: 0 }, never)],
])("ask() refuses a %s, because nobody is there", async (_, put) => {
  await expect(put()).rejects.toMatchObject(failure("window.lost"));
});

test("tell() needs nobody", () => {
  expect(() => noWindow.tell({ kind: "complaint", text: "x" })).not.toThrow();
  expect(noWindow.answeredBy).toBe("program");
});
