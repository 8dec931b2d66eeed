import { expect, test } from "vitest";
import { isAllowedHost } from "./host.ts";

test.each([
  ...["localhost", "localhost:8550", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8550"],
  ...["[::1]", "[::1]:8550", "signer.lan:8550", "Signer.LAN"],
])("isAllowedHost() takes %s", (host) => {
  expect(isAllowedHost(host, ["signer.lan"])).toBe(true);
});

test.each([
  undefined,
  ...["", " ", ":", ":8550", "evil.example", "evil.example:8550", "localhost.evil.example"],
  ...["evil-localhost", "localhost.", "localhost@evil.example", "evil.example@localhost"],
  ...["localhost,evil.example", "localhost evil.example", " localhost", "localhost ", "localhost:"],
  ...["localhost:8550:8550", "localhost:port", "localhost:123456", "localhost\n", "localhost/"],
  ...["http://localhost", "[localhost]", "[::1", "::1]", "[]", "[]:8550", "*", "::1"],
  ...["10.0.0.1", "127.0.0.2", "127.1", "2130706433", "0x7f000001", "0.0.0.0"],
  ...["[::ffff:127.0.0.1]", "[127.0.0.1].evil.example", "ⓛocalhost", "__proto__", "constructor"],
])("isAllowedHost() refuses %j", (host) => {
  expect(isAllowedHost(host, ["signer.lan"])).toBe(false);
});

test("isAllowedHost() refuses a huge text", () => {
  expect(isAllowedHost("x".repeat(1_000_000), [])).toBe(false);
  expect(isAllowedHost(`[${":".repeat(1_000_000)}`, [])).toBe(false);
});
