import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { addressOfPublicKey } from "../domain/address.ts";
import { Channel } from "./channel.ts";
import { stdioWindow } from "./stdio.ts";

const caller = {
  identity: { kind: "loopback", listener: "http" },
  claims: { remote: "127.0.0.1:1", host: "localhost", origin: "", userAgent: "" },
} as const;
const address = addressOfPublicKey(new Uint8Array(65));
const never = new AbortController().signal;

/** A window whose program answers each request with one line. */
function windowAnswering(answer: (id: number) => string) {
  const input = new PassThrough();
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const write = (line: string) => {
    const { id } = JSON.parse(line);
    if (id !== undefined) input.write(`${answer(id)}\n`);
  };
  return stdioWindow(new Channel({ input, write, log, onLost: () => undefined }));
}

const listing = { kind: "listing", caller, accounts: [{ address, url: "keystore:///a" }] } as const;
const result = (value: unknown) => (id: number) =>
  JSON.stringify({ jsonrpc: "2.0", id, result: value });

test("ask() throws away a window's error, which may hold text of the trusted side", async () => {
  const window = windowAnswering((id) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id,
      error: { code: 1, message: "secret text", data: "more" },
    }),
  );
  const failure = await window.ask<"listing">(listing, never).catch((error) => error);
  expect(failure).toMatchObject({ code: "window.answer" });
  expect(failure.message).not.toContain("secret text");
});

test.each([
  ["null", null, undefined],
  ["{}", {}, undefined],
  ["null accounts", { accounts: null }, undefined],
  ["no account", { accounts: [] }, []],
  [
    "a foreign account",
    { accounts: [{ address: `0x${"22".repeat(20)}`, url: "x://" }] },
    [`0x${"22".repeat(20)}`],
  ],
])("ask() takes a listing answered with %s as Clef does", async (_name, value, addresses) => {
  const window = windowAnswering(result(value));
  expect(await window.ask<"listing">(listing, never)).toEqual({ addresses });
});

test.each(["", "zzz"])("ask() refuses an account whose url is %o", async (url) => {
  const window = windowAnswering(result({ accounts: [{ address, url }] }));
  await expect(window.ask<"listing">(listing, never)).rejects.toMatchObject({ code: "window.url" });
});
