import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { bodyKindOf, isFormBody } from "./content-type.ts";

const kind = (headers: Record<string, string>, remoteAddress = "127.0.0.1") =>
  bodyKindOf({ headers: { host: "localhost:8550", ...headers }, socket: { remoteAddress } });
const form = "application/x-www-form-urlencoded";

test.each([
  "application/json",
  "Application/JSON; charset=utf-8",
  "application/json-rpc",
  "application/jsonrequest",
])("bodyKindOf() takes %s", (type) => {
  expect(kind({ "content-type": type, origin: "https://a.example", host: "127.0.0.1" })).toBe(
    "json",
  );
});

test.each([
  "",
  "text/plain",
  "multipart/form-data",
  "application/json, text/plain",
  "application/jsonx",
])("bodyKindOf() refuses %j", (type) => {
  expect(kind({ "content-type": type })).toBe("refused");
});

test.each(["localhost", "localhost:8550", "LOCALHOST"])(
  "bodyKindOf() takes curl's form to the literal %s",
  (host) => {
    expect(kind({ "content-type": form, host })).toBe("form");
    expect(kind({ "content-type": form, host }, "::1")).toBe("form");
  },
);

test.each([
  ["another host", { host: "127.0.0.1:8550" }],
  ["a listed host", { host: "signer.lan" }],
  ["an Origin", { origin: "https://a.example" }],
  ["Origin null", { origin: "null" }],
  ["an empty Origin", { origin: "" }],
  ["a Referer", { referer: "http://localhost/" }],
  ["a Cookie", { cookie: "a=b" }],
  ["Sec-Fetch-Site", { "sec-fetch-site": "none" }],
  ["Sec-Fetch-Mode", { "sec-fetch-mode": "navigate" }],
])("bodyKindOf() refuses a form with %s", (_, headers: Record<string, string>) => {
  expect(kind({ "content-type": form, ...headers })).toBe("refused");
});

test("bodyKindOf() refuses a form from another machine", () => {
  expect(kind({ "content-type": form }, "10.0.0.7")).toBe("refused");
  expect(kind({ "content-type": form }, "::ffff:10.0.0.7")).toBe("refused");
});

test.each([
  ['{"method":"account_list"}', true],
  ['{"method":"eth_sign"}', false],
  ['{"method":7}', false],
  ["{}", false],
  ['[{"method":"account_list"}]', false],
  ['"account_list"', false],
])("isFormBody() judges %s", (text, fine) => {
  expect(isFormBody(parseJson(text, limits.json))).toBe(fine);
});
