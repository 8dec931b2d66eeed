import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { account, listingOf, never, transactionWith } from "./fakes.ts";
import { noWindow } from "./none.ts";

test.each([transactionWith(), listingOf(1), { kind: "password", account } as const])(
  "ask() refuses a $kind, because nobody is there",
  async (question) => {
    await expect(noWindow.ask(question, never)).rejects.toMatchObject(failure("window.lost"));
  },
);

test("tell() needs nobody", () => {
  expect(() => noWindow.tell({ kind: "failed", code: "vault.failed", text: "x" })).not.toThrow();
  expect(noWindow.answeredBy).toBe("program");
});
