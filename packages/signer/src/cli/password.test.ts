import { expect, test } from "vitest";
import { Failure } from "../domain/failure.ts";
import { failure } from "../domain/fakes.ts";
import type { Secret } from "../domain/secret.ts";
import { fakeInput, fakePrinter } from "./fakes.ts";
import { PasswordPrompt } from "./password.ts";

const right = "the-right-password";
const next = "another-password-1";
const textOf = (secret: Secret) => secret.use((bytes) => Buffer.from(bytes).toString());

/** Takes the right password alone. */
const check = async (password: Secret) => {
  if (textOf(password) !== right) throw new Failure("password.wrong", "could not decrypt key");
};

function setUp(words: readonly string[], { isTerminal = true } = {}) {
  const { input, left, secrets } = fakeInput(words, { isTerminal });
  const { print, written } = fakePrinter();
  const prompt = new PasswordPrompt(input, { print, stop: new AbortController().signal });
  return { prompt, left, secrets, written };
}

test("askChange() asks for the new password once the current one was checked", async () => {
  const { prompt, written } = setUp(["wrong", "wrong too", right, next, next]);
  const { password, newPassword } = await prompt.askChange("of x", check);
  expect([textOf(password), textOf(newPassword)]).toEqual([right, next]);
  expect(written.out).toMatch(
    /Wrong password, 2 tries left\.\n[\s\S]*Wrong password, 1 try left\.\n/,
  );
  expect(written.out.match(/Please enter the new password/g)).toHaveLength(1);
});

test.each([
  ["a person after three tries", true, ["wrong", "wrong", "wrong"]],
  ["a pipe after one", false, ["wrong"]],
])(
  "askChange() refuses %s, says what to do, asks for nothing more and wipes all",
  async (_, isTerminal, words) => {
    const { prompt, left, secrets, written } = setUp([...words, next, next], { isTerminal });
    await expect(prompt.askChange("of x", check)).rejects.toMatchObject({
      ...failure("password.wrong"),
      hint: expect.stringContaining("nothing was changed"),
    });
    expect([left.length, written.out.includes("new password")]).toEqual([2, false]);
    expect(secrets.every((secret) => textOf(secret) === "")).toBe(true);
  },
);

test("askChange() ends at once where it isn't the password that is wrong", async () => {
  const { prompt, left, secrets } = setUp([right, right]);
  const gone = new Failure("keyfile.refused", "it holds another key");
  await expect(prompt.askChange("of x", () => Promise.reject(gone))).rejects.toBe(gone);
  expect([left.length, secrets.map(textOf)]).toEqual([1, [""]]);
});
