import { expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { request } from "../support/rpc.ts";
import { payment } from "../support/signer.ts";
import { rawRequest, readLedger, start } from "./running.ts";

const sign = (tx: unknown) => request("account_signTransaction", [tx], 7);

/** A body, and what its error must say. */
const badBodies: readonly (readonly [string, string, number, RegExp])[] = [
  ["no JSON", "{", -32700, /^parse error$/],
  ["too deep", `${"[".repeat(5000)}`, -32700, /at most 64 levels/],
  [
    "twin keys",
    sign(payment()).replace('"gas"', '"to":"0x0000000000000000000000000000000000000001","gas"'),
    -32700,
    /"to" appears twice/,
  ],
  [
    "twin keys behind an escape",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","m\\u0065thod":"x"}',
    -32700,
    /"method" appears twice/,
  ],
  ["a number as nonce", sign(payment({ nonce: 0 })), -32602, /"nonce".*hex quantity.*got a number/],
  ["no nonce", sign(payment({ nonce: undefined })), -32602, /missing required field 'nonce'/],
  ["no gas", sign(payment({ gas: undefined })), -32602, /missing required field 'gas'/],
  ["a null nonce", sign(payment({ nonce: null })), -32602, /"nonce"/],
  [
    "a nonce over 64 bits",
    sign(payment({ nonce: "0x10000000000000000" })),
    -32602,
    /"nonce".*2\^64/,
  ],
  ["a negative value", sign(payment({ value: "-0x1" })), -32602, /"value"/],
  ["a value over 256 bits", sign(payment({ value: `0x1${"0".repeat(64)}` })), -32602, /2\^256/],
  ["leading zeros", sign(payment({ value: "0x01" })), -32602, /"value"/],
  ["a short recipient", sign(payment({ to: "0xdead" })), -32602, /"to".*40 hex digits/],
  ["an empty recipient", sign(payment({ to: "" })), -32602, /"to"/],
  [
    "another name of a field",
    sign(payment({ GAS: "0x1" })),
    -32602,
    /"GAS".*expected the name "gas"/,
  ],
  ["odd calldata", sign(payment({ data: "0x123" })), -32602, /"data".*even number/],
  [
    "data and input that differ",
    sign(payment({ data: "0x01", input: "0x02" })),
    -32000,
    /ambiguous request/,
  ],
  [
    "another chain",
    sign(payment({ chainId: "0x2" })),
    -32000,
    /requested chainid 2 does not match/,
  ],
  ["chain zero", sign(payment({ chainId: "0x0" })), -32000, /requested chainid 0 does not match/],
  [
    "a wrong checksum",
    sign(payment({ to: "0x70997970c51812dc3A010C7d01b50e0d17dc79C8" })),
    -32000,
    /Invalid checksum on recipient/,
  ],
  [
    "both kinds of fee",
    sign(payment({ gasPrice: "0x1" })),
    -32000,
    /Both 'gasPrice' and 'maxFeePerGas'/,
  ],
  [
    "no tip",
    sign(payment({ maxPriorityFeePerGas: null })),
    -32000,
    /Neither 'gasPrice' nor 'maxPriorityFeePerGas'/,
  ],
  ["a contradicting type", sign(payment({ type: "0x0" })), -32602, /"type".*"0x2"/],
  [
    "a contradicting gas limit",
    sign(payment({ gasLimit: "0x1" })),
    -32602,
    /"gasLimit".*same as gas/,
  ],
  [
    "an authorization list",
    sign(payment({ authorizationList: [] })),
    -32602,
    /at least one authorization/,
  ],
  [
    "an access list without keys",
    sign(payment({ accessList: [{ address: payment()["to"] }] })),
    -32602,
    /storageKeys/,
  ],
  [
    "a blob transaction without a blob fee cap",
    sign(payment({ blobVersionedHashes: [`0x01${"0".repeat(62)}`] })),
    -32602,
    /"maxFeePerBlobGas"/,
  ],
  ["an array as transaction", sign([]), -32602, /expected an object/],
  [
    "no arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_signTransaction"}',
    -32602,
    /missing value for required argument 0/,
  ],
  [
    "too many arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","params":[1]}',
    -32602,
    /too many arguments, want at most 0/,
  ],
  [
    "named arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","params":{}}',
    -32602,
    /non-array args/,
  ],
  [
    "an unknown method",
    '{"jsonrpc":"2.0","id":1,"method":"eth_sign"}',
    -32601,
    /^the method eth_sign does not exist\/is not available$/,
  ],
  ["a prototype's name", '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601, /does not exist/],
  [
    "an object as id",
    '{"jsonrpc":"2.0","id":{},"method":"account_version"}',
    -32600,
    /invalid request/,
  ],
];

const versionCall = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';

test("bad input gets a clear error, nothing is asked or signed, and the process lives", async () => {
  const signer = await start();
  for (const [name, body, code, message] of badBodies) {
    const { status, text } = await signer.post(body);
    expect(status, name).toBe(200);
    expect(JSON.parse(text), name).toMatchObject({
      error: { code, message: expect.stringMatching(message) },
    });
  }
  expect(signer.window.messages.map(({ method }) => method)).toEqual(["ui_onSignerStartup"]);
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(readLedger(signer)).toBe("");
});

test("a body that is too large is refused before it is read", async () => {
  const signer = await start();
  const huge = `{"jsonrpc":"2.0","id":1,"method":"account_version","x":"${"x".repeat(5 * 2 ** 20)}"}`;
  const { status, text } = await signer.post(huge);
  expect([status, text]).toEqual([413, `content length too large (${huge.length}>5242880)\n`]);
});

test.each([
  ["GET", {}, 405, "method not allowed\n"],
  ["PATCH", {}, 405, "method not allowed\n"],
  ["OPTIONS", {}, 405, "method not allowed\n"],
  ["PUT", {}, 405, "method not allowed\n"],
  [
    "POST",
    { "content-type": "text/plain" },
    415,
    "invalid content type, only application/json is supported\n",
  ],
  ["POST", { origin: "https://evil.example" }, 403, /web page/],
])("%s with %o is answered %i", async (method, headers, status, text) => {
  const signer = await start();
  const response = await fetch(signer.url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { body: versionCall }),
  });
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(text);
});

test.each(["evil.example", "localhost.evil.example", "", "127.0.0.2", "0.0.0.0"])(
  "a Host header of %o is refused",
  async (host) => {
    const signer = await start();
    const reply = await rawRequest(
      signer,
      `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(reply).toContain("403 Forbidden");
  },
);

test("a body of a million empty values is refused before it costs memory", async () => {
  const signer = await start();
  const { text } = await signer.post(`[${"{},".repeat(1_700_000)}{}]`);
  expect(JSON.parse(text).error).toEqual({
    code: -32700,
    message: `expected at most ${limits.json.valuesMax} values`,
  });
});
