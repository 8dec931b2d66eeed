import { connect } from "node:net";
import { encodeJsonValue } from "@cleft/protocol/json.ts";
import { afterEach, describe, expect, test } from "vitest";
import { realClock } from "../domain/clock.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Asked, Upstream } from "../upstream/upstream.ts";
import { type ServerSettings, type Serving, serve } from "./server.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
const reply = '{"jsonrpc":"2.0","id":1,"result":"6.1.0"}';
const json = { "Content-Type": "application/json" };
const open: Serving[] = [];

afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

/** A server on a free port in front of a signer that says what it is told. */
async function start(
  settings: Partial<ServerSettings> = {},
  answer: Upstream["call"] = async () => reply,
) {
  const asked: Asked[] = [];
  const logged: string[] = [];
  const upstream: Upstream = {
    name: "test",
    call: (what, signal) => {
      asked.push(what);
      return answer(what, signal);
    },
    close: async () => undefined,
  };
  const log = {
    info: (text: string) => logged.push(text),
    warn: (text: string) => logged.push(text),
  };
  const serving = await serve(
    { addresses: ["127.0.0.1"], port: 0, vhosts: [], origins: [], ...settings },
    { upstream, clock: realClock, log },
  );
  open.push(serving);
  const port = Number(new URL(serving.urls[0] ?? "").port);
  return { asked, logged, serving, port, send: (text: string) => sendRaw(port, text) };
}

/** A request as it stands on the wire; `undefined` leaves a header out. */
function raw(
  headers: Record<string, string | number | undefined> = {},
  { method = "POST", body = version } = {},
): string {
  const length = Buffer.byteLength(body);
  const all = { Host: "localhost", ...json, "Content-Length": length, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `${method} / HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

/** Sends bytes, closes the sending half and returns all that comes. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
    });
    socket.on("end", () => resolve(received)).on("error", reject);
    socket.end(text);
  });
}

const bodyOf = (response: string) => response.slice(response.indexOf("\r\n\r\n") + 4);

describe("what is refused, before the signer hears of it", () => {
  const page = "https://a.example";
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const listing = '{"jsonrpc":"2.0","id":1,"method":"eth_accounts"}';
  test.each<[string, string, string, string]>([
    ["another host", raw({ Host: "evil.example" }), "403 Forbidden", "invalid host specified\n"],
    ["an empty host", raw({ Host: "" }), "403 Forbidden", "invalid host specified\n"],
    [
      "two hosts",
      raw({ Host: "localhost\r\nHost: localhost" }),
      "403 Forbidden",
      "invalid host specified\n",
    ],
    [
      "no host",
      raw({ Host: undefined }),
      "400 Bad Request: missing required Host header",
      "400 Bad Request: missing required Host header",
    ],
    [
      "a page",
      raw({ Origin: page }),
      "403 Forbidden",
      "requests of this web page are refused, see --origins\n",
    ],
    [
      "a page without a name",
      raw({ Origin: "null" }),
      "403 Forbidden",
      "requests of this web page are refused, see --origins\n",
    ],
    [
      "a page's preflight",
      raw(
        { Origin: page, "Access-Control-Request-Method": "POST" },
        { method: "OPTIONS", body: "" },
      ),
      "403 Forbidden",
      "requests of this web page are refused, see --origins\n",
    ],
    ["GET", raw({}, { method: "GET" }), "405 Method Not Allowed", "method not allowed\n"],
    ["OPTIONS", raw({}, { method: "OPTIONS" }), "405 Method Not Allowed", "method not allowed\n"],
    [
      "text",
      raw({ "Content-Type": "text/plain" }),
      "415 Unsupported Media Type",
      "invalid content type, only application/json is supported\n",
    ],
    [
      "no type",
      raw({ "Content-Type": undefined }),
      "415 Unsupported Media Type",
      "invalid content type, only application/json is supported\n",
    ],
    [
      "a form for another API",
      raw(form, { body: listing }),
      "415 Unsupported Media Type",
      "invalid content type, only application/json is supported\n",
    ],
    [
      "a batch as a form",
      raw(form, { body: `[${version}]` }),
      "415 Unsupported Media Type",
      "invalid content type, only application/json is supported\n",
    ],
    [
      "a form under an address",
      raw({ ...form, Host: "127.0.0.1" }),
      "415 Unsupported Media Type",
      "invalid content type, only application/json is supported\n",
    ],
    [
      "a long body",
      raw({ "Content-Length": 6_000_000 }),
      "413 Request Entity Too Large",
      "content length too large (6000000>5242880)\n",
    ],
    ["no HTTP", "hello\r\n\r\n", "400 Bad Request", "400 Bad Request"],
    [
      "an endless head",
      raw({ "X-Long": "x".repeat(20_000) }),
      "431 Request Header Fields Too Large",
      "431 Request Header Fields Too Large",
    ],
  ])("%s", async (_, request, status, text) => {
    const { asked, send } = await start();
    const response = await send(request);
    expect(response.split("\r\n", 1)).toEqual([`HTTP/1.1 ${status}`]);
    expect(bodyOf(response)).toBe(text);
    expect(response).not.toMatch(/access-control/i);
    expect(asked).toEqual([]);
  });
});

describe("what is answered without the signer", () => {
  const deep = "[".repeat(65) + "]".repeat(65);
  const error = (code: number, message: string) =>
    `{"jsonrpc":"2.0","id":null,"error":{"code":${code},"message":"${message}"}}`;
  test.each([
    ["nothing", "", ""],
    ["blanks", " \n\t", ""],
    ["no JSON", "{", error(-32700, "parse error")],
    ["a key twice", '{"id":1,"id":2}', error(-32700, 'key \\"id\\" appears twice')],
    ["deep nesting", deep, error(-32700, "expected at most 64 levels of nesting")],
    ["an empty batch", "[]", error(-32600, "empty batch")],
  ])("%s", async (_, body, text) => {
    const { asked, send } = await start();
    const response = await send(raw({}, { body }));
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: application\/json\r\n/);
    expect(bodyOf(response)).toBe(text);
    expect(asked).toEqual([]);
  });

  test("a body without a length that turns out too long is no JSON, as in Clef", async () => {
    const { send } = await start();
    const size = limits.bodyBytesMax + 1;
    const body = `${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`;
    const headers = { "Content-Length": undefined, "Transfer-Encoding": "chunked" };
    expect(bodyOf(await send(raw(headers, { body })))).toBe(error(-32700, "parse error"));
  });
});

describe("what is carried", () => {
  test("a request goes with its claims, compact, numbers as written; the reply comes back", async () => {
    const { asked, send } = await start();
    const body = '{ "jsonrpc": "2.0", "id": 1, "method": "x", "params": [9007199254740993, 1.50] }';
    const headers = { "User-Agent": "curl/8", "X-Forwarded-For": "6.6.6.6" };
    const response = await send(raw(headers, { body }));
    expect(bodyOf(response)).toBe(`${reply}\n`);
    const [{ rpc, claims } = { rpc: null, claims: null }] = asked;
    expect(encodeJsonValue(rpc)).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"x","params":[9007199254740993,1.50]}',
    );
    expect(claims).toMatchObject({ origin: "", host: "localhost", userAgent: "curl/8" });
    expect(claims?.remote).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(asked)).not.toContain("6.6.6.6");
  });

  test("a notification gets an empty body", async () => {
    const { send } = await start({}, async () => undefined);
    const response = await send(raw());
    expect(response).toContain("Content-Length: 0\r\n");
    expect(bodyOf(response)).toBe("");
  });

  test("one account_ request as curl's form to localhost is carried", async () => {
    const { send } = await start();
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    expect(bodyOf(await send(raw({ ...type, Host: "localhost:8550" })))).toBe(`${reply}\n`);
  });

  test.each<[FailureCode, number]>([
    ["qrexec.denied", 403],
    ["qrexec.missing", 502],
    ["qrexec.crowded", 503],
    ["qrexec.failed", 502],
    ["qrexec.usage", 500],
    ["request.long", 413],
    ["outcome.unknown", 502],
    ["signer.silent", 504],
    ["said.busy", 200],
  ])("a failure %s has status %i, and an error under the request's id", async (code, status) => {
    const { send } = await start({}, async () => {
      throw new Failure(code, "/a/secret/path");
    });
    const response = await send(raw());
    expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(response).toContain("Content-Type: application/json\r\n");
    expect(JSON.parse(bodyOf(response))).toMatchObject({ id: 1, error: { code: -32000 } });
    expect(response).not.toContain("secret");
    const batch = JSON.parse(bodyOf(await send(raw({}, { body: `[${version},${version}]` }))));
    expect(batch).toHaveLength(2);
  });

  test("a bug ends one connection, is told, and the next caller is served", async () => {
    let calls = 0;
    const { logged, send } = await start({}, async () => {
      if (++calls === 1) throw new TypeError("oops");
      return reply;
    });
    expect(await send(raw()).catch(() => "")).toBe("");
    expect(bodyOf(await send(raw()))).toBe(`${reply}\n`);
    expect(logged).toEqual([expect.stringContaining("oops")]);
  });

  test("who hangs up withdraws", async () => {
    let withdrawn = () => {};
    const whenWithdrawn = new Promise<void>((resolve) => {
      withdrawn = resolve;
    });
    let taken = () => {};
    const whenTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const { port } = await start({}, (_, signal) => {
      taken();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          withdrawn();
          reject(new Failure("request.withdrawn"));
        });
      });
    });
    const socket = connect(port, "127.0.0.1");
    socket.write(raw());
    await whenTaken;
    socket.destroy();
    await whenWithdrawn;
  });

  test("one connection can't have more than a few requests open", async () => {
    const { asked, port } = await start({}, () => new Promise(() => undefined));
    const socket = connect(port, "127.0.0.1");
    socket.write(raw().repeat(limits.requestsPerConnectionMax + 3));
    while (asked.length < limits.requestsPerConnectionMax) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(limits.requestsPerConnectionMax);
    socket.destroy();
  });
});

describe("web pages that are listed", () => {
  const origins = ["https://dapp.example"];
  const [Origin = ""] = origins;

  test("a preflight is told what is allowed, with private networks if it asks", async () => {
    const { asked, send } = await start({ origins });
    const asks = { Origin, "Access-Control-Request-Method": "POST", "Content-Length": undefined };
    const plain = await send(raw(asks, { method: "OPTIONS", body: "" }));
    expect(plain).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(plain).toContain(`Access-Control-Allow-Origin: ${Origin}\r\n`);
    expect(plain).toContain("Access-Control-Allow-Methods: POST\r\n");
    expect(plain).toContain("Access-Control-Allow-Headers: Content-Type\r\n");
    expect(plain).toContain("Vary: Origin\r\n");
    expect(plain).not.toContain("Private-Network");
    const near = { ...asks, "Access-Control-Request-Private-Network": "true" };
    const told = await send(raw(near, { method: "OPTIONS", body: "" }));
    expect(told).toContain("Access-Control-Allow-Private-Network: true\r\n");
    expect(asked).toEqual([]);
  });

  test("its request is carried with its Origin as a claim, and its page may read every answer", async () => {
    const { asked, send } = await start({ origins });
    const response = await send(raw({ Origin }));
    expect(bodyOf(response)).toBe(`${reply}\n`);
    expect(response).toContain(`Access-Control-Allow-Origin: ${Origin}\r\n`);
    expect(response).toContain("Vary: Origin\r\n");
    expect(asked[0]?.claims.origin).toBe(Origin);
    const wrong = await send(raw({ Origin, "Content-Type": "text/plain" }));
    expect(wrong).toMatch(/^HTTP\/1\.1 415 /);
    expect(wrong).toContain(`Access-Control-Allow-Origin: ${Origin}\r\n`);
  });

  test.each([
    "https://dapp.example.evil.example",
    "http://dapp.example",
    "https://dapp.example:444",
  ])("%s is another one", async (other) => {
    const { asked, send } = await start({ origins });
    const refused = await send(raw({ Origin: other }));
    expect(refused).toMatch(/^HTTP\/1\.1 403 /);
    expect(refused).toContain("Vary: Origin\r\n");
    expect(refused).not.toContain("Access-Control");
    expect(await send(raw({ Origin: `${Origin}\r\nOrigin: ${other}` }))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    expect(asked).toEqual([]);
  });
});

describe("addresses", () => {
  test("serve() listens on 127.0.0.1 and on ::1, under one port, and nowhere else", async () => {
    const { serving, logged } = await start({ addresses: ["127.0.0.1", "::1"] });
    const [first = "", second] = serving.urls;
    const { port } = new URL(first);
    expect(first).toBe(`http://127.0.0.1:${port}/`);
    // A machine without IPv6 is told so.
    if (second === undefined) expect(logged).toHaveLength(1);
    else expect(second).toBe(`http://[::1]:${port}/`);
  });

  test("serve() says which port is taken", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(
      `can't listen on 127.0.0.1:${port}: another program listens there`,
    );
  });
});
