import type { Decider } from "../../domain/decider.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/**
 * Runs `attempt`, counted from 0, and once more after each wrong password as long as there are tries
 * left, which `again` is told first. A person makes slips; a program would only say the same again,
 * so it has one try, as with Clef. Anything but a wrong password ends it: only of that the vault
 * promises that nothing was signed.
 */
export async function withTries<T>(
  decider: Decider,
  attempt: (number: number) => Promise<T>,
  again: (wrong: Failure, triesLeft: number) => Promise<void>,
): Promise<T> {
  const tries = decider === "person" ? limits.signingTries : 1;
  for (let number = 0; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      const triesLeft = tries - 1 - number;
      if (!isWrongPassword(error) || triesLeft === 0) throw error;
      await again(error, triesLeft);
    }
  }
}

function isWrongPassword(error: unknown): error is Failure {
  return error instanceof Failure && error.code === "password.wrong";
}
