import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { type Lock, lockFolder } from "../store/lock.ts";
import { isServed } from "./operator/control-client.ts";

/**
 * Takes a configuration directory for a signer. A command holds it for the moment in which it writes
 * an act, which is waited for. The lock isn't seen from another network namespace (PrivateNetwork=,
 * containers), the socket of a signer is.
 * @throws Failure `instance.running`
 */
export async function takeFolder(configDir: string, clock: Clock): Promise<Lock> {
  const lock = await lockInTurn(configDir, clock);
  if (!(await isServed(configDir))) return lock;
  await lock.release();
  throw new Failure("instance.running", `another cleft uses ${configDir}`, {
    hint: "stop it, or give this one its own --configdir",
  });
}

async function lockInTurn(configDir: string, clock: Clock): Promise<Lock> {
  for (let waitedMs = 0; ; waitedMs += limits.ledgerRetryMs) {
    try {
      return await lockFolder(configDir);
    } catch (error) {
      const isTaken = error instanceof Failure && error.code === "instance.running";
      const isLate = waitedMs >= limits.ledgerTurnMs;
      if (!isTaken || isLate || (await isServed(configDir))) throw error;
    }
    await new Promise<void>((resolve) => clock.after(limits.ledgerRetryMs, resolve));
  }
}
