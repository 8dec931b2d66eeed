import { expect, test } from "vitest";
import { takeTurn } from "./turn.ts";

const name = `\0cleft-test-turn-${process.pid}`;
const until = async (so: () => boolean) => {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("takeTurn() gives the turn to one, and the others see when it is over", async () => {
  const turns = await Promise.all([takeTurn(name), takeTurn(name), takeTurn(name)]);
  expect(turns.filter(({ isMine }) => isMine)).toHaveLength(1);
  expect(turns.some((turn) => turn.isOver())).toBe(false);
  turns.find(({ isMine }) => isMine)?.end();
  await until(() => turns.every((turn) => turn.isOver()));
});

test("takeTurn() gives it again once it was ended, and who only watches ends nothing", async () => {
  const first = await takeTurn(`${name}-again`);
  const watcher = await takeTurn(`${name}-again`);
  watcher.end();
  expect((await takeTurn(`${name}-again`)).isMine).toBe(false);
  first.end();
  const next = await takeTurn(`${name}-again`);
  expect(next.isMine).toBe(true);
  next.end();
});
