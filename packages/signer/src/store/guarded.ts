import { Failure, isSystemError, messageOf } from "../domain/failure.ts";

/**
 * Does something to what `what` names. What the system refuses is an expected failure: a full disk, a
 * lost permission, a dead device. @throws Failure `store.failed`, or what `act` throws
 */
export async function guarded<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure("store.failed", `${what}: ${messageOf(error)}`, { cause: error });
  }
}
