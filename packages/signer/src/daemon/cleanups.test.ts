import { expect, test } from "vitest";
import { Cleanups } from "./cleanups.ts";

test("Cleanups.run() goes backwards and waits for each", async () => {
  const order: string[] = [];
  const cleanups = new Cleanups();
  for (const name of ["lock", "ledger", "worker"]) {
    cleanups.add(async () => {
      order.push(`${name} ends`);
      await Promise.resolve();
      order.push(`${name} ended`);
    });
  }
  await cleanups.run();
  expect(order).toEqual([
    ...["worker ends", "worker ended", "ledger ends", "ledger ended"],
    ...["lock ends", "lock ended"],
  ]);
});

test("Cleanups.run() runs all whatever some of them throw, and throws the first of it", async () => {
  const order: string[] = [];
  const cleanups = new Cleanups();
  cleanups.add(() => void order.push("lock"));
  cleanups.add(() => {
    throw new Error("second");
  });
  cleanups.add(() => Promise.reject(new Error("first")));
  await expect(cleanups.run()).rejects.toThrow("first");
  expect(order).toEqual(["lock"]);
});

test("Cleanups.run() runs each only once", async () => {
  let runs = 0;
  const cleanups = new Cleanups();
  cleanups.add(() => void runs++);
  await cleanups.run();
  await cleanups.run();
  expect(runs).toBe(1);
});
