import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseJson } from "@cleft/protocol/json.ts";
import { afterEach, expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { agentOf, Http } from "./http.ts";

const claims = { origin: "https://a.example", host: "localhost", userAgent: "curl/8", remote: "1" };
const rpc = parseJson('{"jsonrpc":"2.0","id":7,"method":"x"}', limits.json);
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A signer that answers as a test likes. */
async function listening(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<URL> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
}

function call(url: URL, signal = new AbortController().signal) {
  const http = new Http({ url, token: "t0ken", client: "test/1" });
  return http.call({ rpc, claims }, signal).catch((error: unknown) => error);
}

test("call() posts the body with the token, and no Origin, which a signer would refuse", async () => {
  let seen: IncomingMessage["headers"] = {};
  const url = await listening((request, response) => {
    seen = request.headers;
    request.pipe(response);
  });
  expect(await call(url)).toBe('{"jsonrpc":"2.0","id":7,"method":"x"}');
  expect(seen).toMatchObject({
    authorization: "Bearer t0ken",
    "content-type": "application/json",
    "user-agent": "test/1 (origin https://a.example; host localhost; remote 1; agent curl/8)",
  });
  expect(seen.origin).toBeUndefined();
});

test("agentOf() cuts what is too long", () => {
  const long = { ...claims, userAgent: "x".repeat(256) };
  expect(agentOf("test/1", long)).toHaveLength(256);
});

test("call() returns nothing for an empty answer", async () => {
  const url = await listening((_, response) => response.end());
  expect(await call(url)).toBeUndefined();
});

test.each([
  [401, "signer.forbidden"],
  [403, "signer.forbidden"],
  [404, "signer.refused"],
  [413, "request.long"],
  [415, "signer.refused"],
  [500, "outcome.unknown"],
  [502, "outcome.unknown"],
  [503, "queue.full"],
])("call() takes a status %i for %s", async (status, code) => {
  const url = await listening((_, response) => response.writeHead(status).end("why"));
  expect(await call(url)).toMatchObject({ code });
});

test("call() knows nothing of the outcome when the connection breaks, and asks once", async () => {
  let requests = 0;
  const url = await listening((request) => {
    requests++;
    request.socket.destroy();
  });
  expect(await call(url)).toMatchObject({ code: "outcome.unknown" });
  expect(requests).toBe(1);
});

test("call() knows nothing of the outcome when the answer breaks off", async () => {
  const url = await listening((request, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("{", () => request.socket.destroy());
  });
  expect(await call(url)).toMatchObject({ code: "outcome.unknown" });
});

test("call() says that nobody listens", async () => {
  const url = await listening(() => undefined);
  for (const cleanup of cleanups.splice(0)) cleanup();
  expect(await call(url)).toMatchObject({ code: "signer.down" });
});

test("close() hangs up what is open, and nothing is sent any more", async () => {
  let requests = 0;
  let hungUp = () => {};
  const whenHungUp = new Promise<void>((resolve) => {
    hungUp = resolve;
  });
  let close: () => Promise<void> = async () => undefined;
  const url = await listening((request) => {
    requests++;
    request.socket.once("close", hungUp);
    void close();
  });
  const http = new Http({ url, token: undefined, client: "test/1" });
  close = () => http.close();
  const { signal } = new AbortController();
  await expect(http.call({ rpc, claims }, signal)).rejects.toMatchObject({
    code: "outcome.unknown",
  });
  await whenHungUp;
  await expect(http.call({ rpc, claims }, signal)).rejects.toMatchObject({
    code: "dispatcher.stopping",
  });
  expect(requests).toBe(1);
});

test("call() hangs up when its caller does", async () => {
  const gone = new AbortController();
  const url = await listening(() => gone.abort());
  expect(await call(url, gone.signal)).toMatchObject({ code: "request.withdrawn" });
});
