import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const text = "correct horse battery";
const take = () => Secret.taking(new TextEncoder().encode(text));
const read = (secret: Secret) => secret.use((bytes) => new TextDecoder().decode(bytes));

test("Secret.taking() copies the bytes and wipes the source", () => {
  const source = new TextEncoder().encode(text);
  const secret = Secret.taking(source);
  expect(read(secret)).toBe(text);
  expect(source.every((byte) => byte === 0)).toBe(true);
});

test("Secret.taking() wipes no more of a shared buffer than its view", () => {
  const shared = Uint8Array.of(1, 2, 3, 4);
  Secret.taking(shared.subarray(1, 3));
  expect([...shared]).toEqual([1, 0, 0, 4]);
});

test("Secret.taking() takes 4096 bytes and refuses one more", () => {
  const most = Secret.taking(new Uint8Array(4096).fill(7));
  expect(most.use((bytes) => bytes.length)).toBe(4096);
  expect(() => Secret.taking(new Uint8Array(4097))).toThrow("expected at most 4096 bytes");
});

test.each([
  ["a template", (secret: Secret) => `${secret}`],
  ["concatenation", (secret: Secret) => `x${String(secret)}`],
  ["JSON", (secret: Secret) => JSON.stringify({ secret, list: [secret] })],
  ["inspect", (secret: Secret) => inspect({ secret }, { depth: 9, showHidden: true })],
  [
    "inspect without custom inspection",
    (secret: Secret) => inspect(secret, { customInspect: false, showHidden: true }),
  ],
  ["format", (secret: Secret) => format("%s %o %O %j", secret, secret, secret, secret)],
  ["its keys", (secret: Secret) => Object.getOwnPropertyNames(secret).join()],
  ["a spread", (secret: Secret) => inspect({ ...secret })],
  ["a clone", (secret: Secret) => inspect(structuredClone(secret))],
])("Secret() shows neither text nor bytes in %s", (_name, show) => {
  const shown = show(take());
  expect(shown).not.toContain("correct");
  expect(shown).not.toContain("99, 111, 114");
  expect(shown).not.toContain(Buffer.from(text).toString("base64").slice(0, 8));
});

test("Secret.wipe() zeroes the buffer itself, twice without harm", () => {
  const secret = take();
  const view = secret.use((bytes) => bytes);
  secret.wipe();
  secret.wipe();
  expect(view.every((byte) => byte === 0)).toBe(true);
  expect(read(secret)).toBe("");
});

test("Secret.copy() has the same bytes, and each is wiped by itself", () => {
  const secret = take();
  const copy = secret.copy();
  secret.wipe();
  expect([read(secret), read(copy)]).toEqual(["", text]);
});

test("Secret.surrender() leaves nothing behind, and adopting() takes it up", () => {
  const secret = take();
  const given = secret.surrender();
  expect(read(secret)).toBe("");
  expect(secret.surrender().length).toBe(0);
  expect(read(Secret.adopting(given))).toBe(text);
});

test("Secret.surrender() gives a buffer that can be transferred, not copied", () => {
  const given = take().surrender();
  const moved = structuredClone(given, { transfer: [given.buffer] });
  expect(given.buffer.byteLength).toBe(0);
  expect(read(Secret.adopting(moved))).toBe(text);
});

test("Secret.use() lends a buffer that holds no other data", () => {
  expect(take().use((bytes) => bytes.buffer.byteLength)).toBe(4096);
});

test("Secret.use() returns what the borrower returns and lets its error through", () => {
  expect(take().use(() => 7)).toBe(7);
  expect(() =>
    take().use(() => {
      throw new Error("borrower");
    }),
  ).toThrow("borrower");
});
