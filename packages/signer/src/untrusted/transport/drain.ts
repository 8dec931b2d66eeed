import type { Server } from "node:net";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** Something at the other end of which somebody may wait for an answer. */
export interface Drained {
  /** Takes no more and goes once all is answered. */
  end(): void;
  destroy(): void;
}

/** Lets no more in, waits for what is open at most `drainMs`, then cuts. */
export async function drain(
  server: Server,
  connections: Iterable<Drained>,
  clock: Clock,
): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  for (const connection of connections) connection.end();
  const cancel = clock.after(limits.drainMs, () => {
    for (const connection of connections) connection.destroy();
  });
  await closed;
  cancel();
}
