import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { takeTurn } from "./turn.ts";

const name = `\0cleft-test-turn-${process.pid}`;
const until = async (so: () => boolean) => {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("takeTurn() gives the turn to one, and the others hear when it failed", async () => {
  const turns = await Promise.all([takeTurn(name), takeTurn(name), takeTurn(name)]);
  expect(turns.filter(({ isMine }) => isMine)).toHaveLength(1);
  expect(turns.some((turn) => turn.hasFailed())).toBe(false);
  await turns.find(({ isMine }) => isMine)?.end("failed");
  await until(() => turns.every((turn) => turn.isMine || turn.hasFailed()));
});

test("takeTurn() gives it again once it was ended, and who only watches ends nothing", async () => {
  const first = await takeTurn(`${name}-again`);
  const watcher = await takeTurn(`${name}-again`);
  await watcher.end("failed");
  expect((await takeTurn(`${name}-again`)).isMine).toBe(false);
  await first.end("done");
  const next = await takeTurn(`${name}-again`);
  expect(next.isMine).toBe(true);
  await next.end("done");
});

test("takeTurn() takes no end for a failure that doesn't say so", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(`${name}-gone`, resolve));
  const connected = new Promise<Socket>((resolve) => holder.once("connection", resolve));
  const watcher = await takeTurn(`${name}-gone`);
  (await connected).destroy();
  await new Promise((resolve) => holder.close(resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([watcher.isMine, watcher.hasFailed()]).toEqual([false, false]);
});
