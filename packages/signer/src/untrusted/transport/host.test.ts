import { expect, test } from "vitest";
import { isAllowedHost } from "./host.ts";

const at = (host: string | undefined, vhosts = ["localhost"], boundAddress = "127.0.0.1") =>
  isAllowedHost(host, { vhosts, boundAddress });

test.each([
  "localhost",
  "localhost:8550",
  "LOCALHOST:8550",
  "LocalHost",
  "127.0.0.1",
  "127.0.0.1:8550",
])("isAllowedHost() takes %s", (host) => {
  expect(at(host)).toBe(true);
});

test.each([
  undefined,
  ...["", " ", ":", ":8550", "evil.example", "evil.example:8550", "localhost.evil.example"],
  ...["evil-localhost", "localhost.", "localhost@evil.example", "evil.example@localhost"],
  ...["localhost,evil.example", "localhost evil.example", " localhost", "localhost ", "localhost:"],
  ...["localhost:8550:8550", "localhost:port", "localhost:123456", "localhost:-1", "localhost\n"],
  ...["localhost/", "http://localhost", "[localhost]", "[::1", "::1]", "[]", "[]:8550", "*"],
  ...["10.0.0.1", "127.0.0.2", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0"],
  ...["[::1]", "[::ffff:127.0.0.1]", "::1", "[127.0.0.1].evil.example", "ⓛocalhost", "ⅼocalhost"],
  ...["__proto__", "constructor"],
])("isAllowedHost() refuses %j", (host) => {
  expect(at(host)).toBe(false);
});

test("isAllowedHost() refuses a huge text", () => {
  expect(at("x".repeat(1_000_000))).toBe(false);
  expect(at(`[${":".repeat(1_000_000)}`)).toBe(false);
});

test.each(["[::1]", "[::1]:8550"])("isAllowedHost() takes %s where it is bound", (host) => {
  expect(at(host, [], "::1")).toBe(true);
  expect(at(host, ["localhost"], "127.0.0.1")).toBe(false);
});

test("isAllowedHost() reads a mapped IPv4 address as the IPv4 address", () => {
  expect(at("127.0.0.1", [], "::ffff:127.0.0.1")).toBe(true);
  expect(at("127.0.0.2", [], "::ffff:127.0.0.1")).toBe(false);
});

test("isAllowedHost() folds the case of configured names too", () => {
  expect(at("signer.lan:8550", ["Signer.LAN"])).toBe(true);
  expect(at("localhost", ["Signer.LAN"])).toBe(false);
});

test("isAllowedHost() takes any name, but not the lack of one, under *", () => {
  expect(at("evil.example:8550", ["*"])).toBe(true);
  expect(at("10.0.0.1", ["*"])).toBe(true);
  expect(at("", ["*"])).toBe(false);
  expect(at(undefined, ["*"])).toBe(false);
});

test("isAllowedHost() takes * only as a whole entry", () => {
  expect(at("evil.example", ["*.example", "*evil"])).toBe(false);
});

test("isAllowedHost() without names takes nothing but the bound address", () => {
  expect(at("127.0.0.1:8550", [])).toBe(true);
  expect(at("localhost:8550", [])).toBe(false);
});

test("isAllowedHost() takes no IP literal that is merely listed as a name", () => {
  expect(at("10.0.0.1", ["10.0.0.1"])).toBe(false);
});
