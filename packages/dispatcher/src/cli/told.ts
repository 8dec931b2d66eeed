import { Failure, type FailureCode } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** Failures of one request or its caller; they say nothing of the way to the signer. */
const ordinary: ReadonlySet<FailureCode> = new Set([
  "request.withdrawn",
  "request.long",
  "queue.full",
  "dispatcher.stopping",
]);

/** An upstream whose failures, and whose recovery, the operator is told of: once for each change. */
export function told(upstream: Upstream, log: Log): Upstream {
  let last: FailureCode | undefined;
  const tell = ({ code, what, hint }: Failure) => {
    const isNews = last !== code && !ordinary.has(code) && !code.startsWith("said.");
    if (!isNews) return;
    last = code;
    log.warn(`${upstream.name}: ${what}; do: ${hint}`);
  };
  return {
    name: upstream.name,
    async call(asked, signal) {
      try {
        const reply = await upstream.call(asked, signal);
        if (last !== undefined) log.info(`${upstream.name}: the signer answers again`);
        last = undefined;
        return reply;
      } catch (error) {
        if (error instanceof Failure) tell(error);
        throw error;
      }
    },
    close: () => upstream.close(),
  };
}
