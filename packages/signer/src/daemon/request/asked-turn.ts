import type { Turn } from "../../approval/queue.ts";
import { Failure } from "../../domain/failure.ts";
import type { Asking, HandleParts } from "./asking.ts";

/**
 * A request's turn at the window, if its caller may ask this now: that is looked at when its turn
 * comes, so that of ten equal questions a no to the first one answers all. `about` tells one question
 * from another.
 * @throws Failure of {@link Callers.question} and of the queue
 */
export async function askedTurn<T>(
  asking: Asking,
  about: string,
  { callers, queue }: Pick<HandleParts, "callers" | "queue">,
  hold: (turn: Turn) => Promise<T>,
): Promise<T> {
  // Who is denied doesn't even wait.
  callers.check(asking.caller);
  return queue.turn(asking, async (turn) => {
    callers.question(asking.caller, about, queue.decider);
    try {
      return await hold(turn);
    } catch (error) {
      const isNo = error instanceof Failure && error.code === "request.denied";
      if (isNo) callers.refused(asking.caller, about, queue.decider);
      throw error;
    }
  });
}
