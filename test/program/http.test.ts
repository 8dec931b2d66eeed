import { connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Signer } from "../support/signer.ts";
import { portOf, rawRequest, start, until } from "./running.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';

/** A request as it stands on the wire. */
function raw(headers: Record<string, string | number>, body = version): string {
  const all = { Host: "localhost", "Content-Type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST / HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

/** A connection that collects what comes. */
function open(signer: Signer): { socket: Socket; received: () => Buffer; closed: () => boolean } {
  const chunks: Buffer[] = [];
  let closed = false;
  const socket = connect(portOf(signer), "127.0.0.1");
  socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => undefined);
  socket.on("close", () => {
    closed = true;
  });
  return { socket, received: () => Buffer.concat(chunks), closed: () => closed };
}

test("one connection carries many requests, also sent before the answers", async () => {
  const signer = await start();
  const { socket, received } = open(signer);
  const request = raw({ "Content-Length": version.length });
  socket.write(request);
  await until(() => received().includes("6.1.0"));
  socket.write(request.repeat(20));
  await until(() => received().toString().split("6.1.0").length === 22);
  socket.destroy();
});

test("a reply is compressed for who takes it, and its length is that of the bytes", async () => {
  const signer = await start();
  const { socket, received } = open(signer);
  socket.end(raw({ "Content-Length": version.length, "Accept-Encoding": "gzip, br" }));
  await until(() => received().includes("\r\n\r\n"));
  const reply = received();
  const end = reply.indexOf("\r\n\r\n");
  const head = reply.subarray(0, end).toString();
  const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
  expect(head).toContain("Content-Encoding: gzip");
  expect(gunzipSync(reply.subarray(end + 4, end + 4 + length)).toString()).toContain("6.1.0");
});

test("who asks before sending a body is told to go on, or refused without sending it", async () => {
  const signer = await start();
  const { socket, received } = open(signer);
  const headers = { "Content-Length": version.length, Expect: "100-continue" };
  socket.write(raw(headers, ""));
  await until(() => received().includes("HTTP/1.1 100 Continue\r\n\r\n"));
  socket.write(version);
  await until(() => received().includes("6.1.0"));
  socket.destroy();
  const refused = await rawRequest(signer, raw({ ...headers, "Content-Length": 6_000_000 }, ""));
  expect(refused).toMatch(/^HTTP\/1\.1 413 Request Entity Too Large\r\n/);
  expect(refused).not.toContain("100 Continue");
});

test.each([
  ["no HTTP", "hello\r\n\r\n", "400 Bad Request"],
  ["no host", "POST / HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header"],
  ["an endless head", raw({ "X-Long": "x".repeat(20_000) }), "431 Request Header Fields Too Large"],
])("%s is refused in plain words", async (_, text, status) => {
  const reply = await rawRequest(await start(), text);
  expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
  expect(reply.endsWith(`\r\n\r\n${status}`)).toBe(true);
});

test("bodies that are never completed don't shut others out", async () => {
  const signer = await start();
  const clients = Array.from({ length: 16 }, () => open(signer));
  for (const { socket } of clients) {
    socket.write(raw({ "Content-Length": 5_000_000 }, "x".repeat(4_500_000)));
  }
  const isEnded = (client: (typeof clients)[number]) =>
    client.closed() || client.received().includes("503 Service Unavailable");
  await until(() => clients.filter(isEnded).length >= 8, 2000);
  for (let tries = 0; tries < 10; tries++) {
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  }
  for (const { socket } of clients) socket.destroy();
});

test.each([
  ["its length", { "Content-Length": 6_000_000 }, "{", "413 Request Entity Too Large"],
  ["its type", { "Transfer-Encoding": "chunked" }, "5b8d80\r\n{", "415 Unsupported Media Type"],
])(
  "a body that is refused for %s and then cut short is answered once",
  async (_, headers, body, status) => {
    const type = status.startsWith("415") ? { "Content-Type": "text/plain" } : {};
    const { socket, received, closed } = open(await start());
    socket.write(raw({ ...headers, ...type }, body));
    await until(() => received().includes(status));
    socket.end();
    await until(closed);
    expect(received().toString().split("HTTP/1.1 ")).toHaveLength(2);
  },
);
