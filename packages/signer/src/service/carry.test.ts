import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { FakeClock } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { carry } from "./carry.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Both ends of a Unix socket. */
async function pair(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), "cleft-carry-"));
  const server: Server = createServer({ allowHalfOpen: true });
  await once(server.listen(join(folder, "s")), "listening");
  const near = connect({ path: join(folder, "s"), allowHalfOpen: true });
  const [far] = await once(server, "connection");
  cleanups.push(() => {
    for (const socket of [near, far]) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  far.on("error", () => undefined);
  return [near, far];
}

/** A call: the caller's two descriptors, and the signer, each as the other end sees it. */
async function call() {
  const [input, sends] = await pair();
  const [output, hears] = await pair();
  const [near, signer] = await pair();
  const clock = new FakeClock();
  const code = carry({ input, output, signer: near }, clock);
  return { clock, code, sends, hears, signer, near };
}

const textOf = async (socket: Socket, bytes: number) => {
  let text = "";
  while (text.length < bytes) {
    const chunk = socket.read();
    if (chunk === null) await once(socket, "readable");
    else text += chunk;
  }
  return text;
};

test("carry() passes the end of the caller's bytes on and still carries the answer", async () => {
  const { code, sends, hears, signer } = await call();
  sends.end("question");
  expect(await textOf(signer, 8)).toBe("question");
  signer.resume();
  await once(signer, "end");
  signer.end("answer");
  expect(await textOf(hears, 6)).toBe("answer");
  expect(await code).toBe(0);
});

test("carry() ends with 0 when the signer closes, whatever the caller does", async () => {
  const { code, sends, signer } = await call();
  sends.write("question");
  await textOf(signer, 8);
  signer.destroy();
  expect(await code).toBe(0);
});

test("carry() closes the signer's end once a caller has died whose bytes had ended", async () => {
  const { clock, code, sends, hears, signer, near } = await call();
  sends.end();
  signer.resume();
  await once(signer, "end");
  hears.destroy();
  await once(hears, "close");
  clock.advance(limits.halfOpenProbeMs);
  expect(await code).toBe(1);
  expect(near.destroyed).toBe(true);
});

test("carry() reads no faster than the caller does, and loses nothing", async () => {
  const { code, sends, hears, signer } = await call();
  const answer = Buffer.alloc(16 * 1024 * 1024, "x");
  sends.end();
  hears.pause();
  signer.end(answer);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(signer.writableLength).toBeGreaterThan(answer.length / 2);
  let bytes = 0;
  hears.on("data", (chunk) => {
    bytes += chunk.length;
  });
  hears.resume();
  expect(await code).toBe(0);
  await expect.poll(() => bytes).toBe(answer.length);
});
