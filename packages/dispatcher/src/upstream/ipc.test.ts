import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "@cleft/protocol/json.ts";
import { afterEach, expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { Ipc } from "./ipc.ts";

const claims = { origin: "", host: "localhost", userAgent: "", remote: "" };
const request = '{"jsonrpc":"2.0","id":7,"method":"x"}';
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "cleft-ipc-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "clef.ipc");
}

/** A signer's socket whose connections are treated as a test likes. */
async function listening(serve: (socket: Socket, received: () => string) => void): Promise<string> {
  const path = socketPath();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    serve(socket, () => text);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanups.push(() => server.close());
  return path;
}

function call(path: string, text = request, signal = new AbortController().signal) {
  const rpc = parseJson(text, limits.json);
  return new Ipc(path).call({ rpc, claims }, signal).catch((error: unknown) => error);
}

test("call() sends a line and returns the value that comes back, in pieces or not", async () => {
  const path = await listening((socket, received) => {
    socket.on("data", () => {
      if (!received().endsWith("\n")) return;
      socket.write(received().slice(0, 10));
      setImmediate(() => socket.write(received().slice(10)));
    });
  });
  expect(await call(path)).toBe(request);
});

test("call() waits for nothing but the end after notifications", async () => {
  const path = await listening((socket) => socket.on("end", () => socket.end()));
  expect(await call(path, '{"jsonrpc":"2.0","method":"x"}')).toBeUndefined();
});

test("call() hangs up when its caller does", async () => {
  const gone = new AbortController();
  let hungUp = () => {};
  const whenHungUp = new Promise<void>((resolve) => {
    hungUp = resolve;
  });
  const path = await listening((socket) => {
    socket.on("data", () => gone.abort()).on("end", () => hungUp());
  });
  expect(await call(path, request, gone.signal)).toMatchObject({ code: "request.withdrawn" });
  await whenHungUp;
});

test("call() knows nothing of the outcome when the signer hangs up", async () => {
  const path = await listening((socket) => socket.on("data", () => socket.destroy()));
  expect(await call(path)).toMatchObject({ code: "outcome.unknown" });
});

test("call() says that nobody listens", async () => {
  const path = socketPath();
  expect(await call(path)).toMatchObject({ code: "signer.down", status: 502 });
  writeFileSync(path, "");
  expect(await call(path)).toMatchObject({ code: "signer.down" });
});

test("close() hangs up what is open, and lets nobody wait", async () => {
  let ended = 0;
  let open = 0;
  let filled = () => {};
  const whenFilled = new Promise<void>((resolve) => {
    filled = resolve;
  });
  const path = await listening((socket) => {
    if (++open === limits.inflightMax) filled();
    socket.on("close", () => ended++).on("end", () => socket.end());
  });
  const ipc = new Ipc(path);
  const rpc = parseJson(request, limits.json);
  const { signal } = new AbortController();
  const calls = Array.from({ length: limits.inflightMax + 1 }, () =>
    ipc.call({ rpc, claims }, signal).catch((error: unknown) => error),
  );
  await whenFilled;
  await ipc.close();
  const outcomes = await Promise.all(calls);
  expect(outcomes.slice(0, -1)).toEqual(
    outcomes.slice(1).map(() => expect.objectContaining({ code: "outcome.unknown" })),
  );
  expect(outcomes.at(-1)).toMatchObject({ code: "dispatcher.stopping" });
  await expect.poll(() => ended).toBe(limits.inflightMax);
});

test("call() asks so many things at once as the signer serves, and refuses a flood", async () => {
  let open = 0;
  let most = 0;
  const path = await listening((socket, received) => {
    most = Math.max(most, ++open);
    socket.on("data", () => {
      setImmediate(() => {
        open--;
        socket.write(received());
      });
    });
  });
  const ipc = new Ipc(path);
  const rpc = parseJson(request, limits.json);
  const ask = () => ipc.call({ rpc, claims }, new AbortController().signal);
  const count = limits.inflightMax + limits.waitingMax;
  const calls = Array.from({ length: count }, ask);
  await expect(ask()).rejects.toMatchObject({ code: "queue.full" });
  expect(await Promise.all(calls)).toHaveLength(count);
  expect(most).toBeLessThanOrEqual(limits.inflightMax);
});
