import { expect, test } from "vitest";
import { failure } from "../domain/fakes.ts";
import { Arguments } from "./arguments.ts";
import { confirmBootWarning } from "./boot-warning.ts";
import type { CommandPowers } from "./command.ts";
import { fakeInput, fakePrinter } from "./fakes.ts";

/** Answers the boot warning; gives how many of the words weren't needed. */
async function answer(words: readonly string[], { isTerminal = true } = {}) {
  const { input, left } = fakeInput(words, { isTerminal });
  const { print, written } = fakePrinter();
  const powers = { print, stop: new AbortController().signal } as unknown as CommandPowers;
  const args = new Arguments(new Map(), { command: undefined, positional: [] });
  await confirmBootWarning(args, powers, input).finally(() => {
    expect(left).toEqual([]);
  });
  return written;
}

const refused = failure("aborted", "aborted by user");

test("confirmBootWarning() asks a person again who mistypes ok, twice", async () => {
  const { out, terminal } = await answer(["", "ko", "ok"]);
  expect(out.match(/Type ok and Enter to proceed/g)).toHaveLength(2);
  expect(terminal).toBe("> > > ");
  await expect(answer(["", "ko", "okay"])).rejects.toMatchObject(refused);
});

test.each(["no", "N"])("confirmBootWarning() takes %s for a no at once", async (word) => {
  await expect(answer([word])).rejects.toMatchObject(refused);
});

test("confirmBootWarning() asks a pipe once, as Clef does", async () => {
  await expect(answer(["ko"], { isTerminal: false })).rejects.toMatchObject(refused);
  expect((await answer(["ok"], { isTerminal: false })).out).not.toContain("Type ok");
});
