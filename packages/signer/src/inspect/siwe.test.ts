import fc from "fast-check";
import { createSiweMessage } from "viem/siwe";
import { describe, expect, test } from "vitest";
import { checksummed } from "../domain/address.ts";
import { addressOf } from "../domain/fakes.ts";
import { inspectText } from "./kinds/text.ts";
import { looksLikeSignIn, parseSignIn } from "./siwe.ts";

const account = addressOf("a");
const fields = {
  domain: "example.com",
  address: checksummed(account),
  uri: "https://example.com/login",
  version: "1",
  chainId: 1,
  nonce: "foobarbaz",
  issuedAt: new Date(0),
} as const;
const message = (changes: object = {}) =>
  createSiweMessage({ ...fields, address: `0x${fields.address.slice(2)}`, ...changes });
const review = (text: string, { origin = "", nowMs = 0 } = {}) =>
  inspectText(
    {
      tag: "text",
      account: { address: account, text: account },
      contentType: "text/plain",
      message: new TextEncoder().encode(text),
    },
    { origin, nowMs },
  );

describe("parseSignIn()", () => {
  test("parseSignIn() reads what viem writes", () => {
    const statement = "I accept the terms";
    const resources = ["https://example.com/a", "ipfs://b"];
    expect(parseSignIn(message({ statement, resources, requestId: "r" }))).toMatchObject({
      ...{ domain: "example.com", address: account, statement, resources, requestId: "r" },
      ...{ chainId: 1n, nonce: "foobarbaz", issuedAt: "1970-01-01T00:00:00.000Z" },
    });
  });

  test.each([
    ["", ""],
    ["a line at the end", `${message()}\n`],
    ["a line in front", `\n${message()}`],
    ["carriage returns", message().replaceAll("\n", "\r\n")],
    ["a field twice", message().replace("Nonce: foobarbaz", "Nonce: foobarbaz\nNonce: foobarbaz")],
    ["an address in lower case", message().replace(fields.address, account)],
    ["a 13th month", message().replace("1970-01", "1970-13")],
    ["a domain with a space", message().replace("example.com wants", "a b wants")],
  ])("parseSignIn() refuses %s", (_name, text) => {
    expect(parseSignIn(text)).toBeUndefined();
  });

  test("parseSignIn() takes any text, and never one that doesn't look like a sign-in", () => {
    const damaged = fc
      .tuple(fc.nat({ max: 300 }), fc.nat({ max: 20 }), fc.string({ maxLength: 5 }))
      .map(([at, cut, text]) => message().slice(0, at) + text + message().slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged), (text) => {
        if (parseSignIn(text) !== undefined) expect(looksLikeSignIn(text)).toBe(true);
      }),
    );
  });
});

test.each([
  ["its own account and host", {}, []],
  ["another account", { address: checksummed(addressOf("b")) }, ["critical"]],
  ["another host", { uri: "https://evil.example/login" }, ["warning"]],
  ["a uri without a host", { uri: "urn:a" }, ["warning"]],
])("inspectText() judges a sign-in with %s", (_name, changes, severities) => {
  const { headline, findings } = review(message(changes));
  expect(headline).toBe('Sign in to "example.com"');
  expect(findings.map(({ severity }) => severity)).toEqual(severities);
});

test.each([
  ["https://example.com", {}, []],
  ["http://example.com:80", { domain: "example.com:80" }, []],
  ["http://localhost:3000", { domain: "localhost:3000", uri: "http://localhost:3000" }, []],
  ["https://evil.example", {}, ["critical"]],
  ["https://example.com.evil.example", {}, ["critical"]],
  ["https://example.com:8443", {}, ["critical"]],
  ["null", {}, ["critical"]],
  ["file://", {}, ["critical"]],
])(
  "inspectText() compares a sign-in with the page that asks: %s %j",
  (origin, changes, severities) => {
    const { findings } = review(message(changes), { origin });
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  },
);

test.each([
  [{ expirationTime: new Date(1000) }, 999, undefined],
  [{ expirationTime: new Date(1000) }, 1000, "it has expired by this machine's clock"],
  [{ notBefore: new Date(1000) }, 999, "it doesn't count yet by this machine's clock"],
  [{ notBefore: new Date(1000) }, 1000, undefined],
])("inspectText() judges the times of a sign-in: %j at %i", (changes, nowMs, warning) => {
  const { findings } = review(message(changes), { nowMs });
  expect(findings.map(({ message: said }) => said)).toEqual(warning === undefined ? [] : [warning]);
});

test("inspectText() warns of what only looks like a sign-in", () => {
  const { headline, findings } = review(message().replace("Version: 1", "Version: 2"));
  expect(headline).toBe("Sign a text message");
  expect(findings).toMatchObject([{ severity: "critical", source: "cleft" }]);
});
