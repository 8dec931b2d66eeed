import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock, failure, settled } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { lockFolder } from "../store/lock.ts";
import { controlFile } from "./operator/control-protocol.ts";
import { takeFolder } from "./take-folder.ts";

const running = failure("instance.running", "another cleft");

/** Lets time pass until a promise is settled. */
async function passing<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  while (!isOver) {
    await settled();
    clock.advance(limits.ledgerRetryMs);
  }
  return promise;
}

/** Somebody who serves the folder, as if from another network namespace. */
async function serve(folder: string): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(join(folder, controlFile), resolve));
}

test("takeFolder() waits for a command that holds the folder for a moment", async () => {
  const [folder, clock] = [await temporaryFolder(), new FakeClock()];
  const command = await lockFolder(folder);
  clock.after(limits.ledgerTurnMs / 2, () => void command.release());
  const lock = await passing(clock, takeFolder(folder, clock));
  await lock.release();
});

test("takeFolder() gives up on one that doesn't end", async () => {
  const [folder, clock] = [await temporaryFolder(), new FakeClock()];
  const command = await lockFolder(folder);
  await expect(passing(clock, takeFolder(folder, clock))).rejects.toMatchObject(running);
  await command.release();
});

test("takeFolder() refuses at once beside a signer, whose lock it may not see", async () => {
  const [folder, clock] = [await temporaryFolder(), new FakeClock()];
  await serve(folder);
  await expect(takeFolder(folder, clock)).rejects.toMatchObject(running);
  const lock = await lockFolder(folder);
  await expect(takeFolder(folder, clock)).rejects.toMatchObject(running);
  await lock.release();
});
