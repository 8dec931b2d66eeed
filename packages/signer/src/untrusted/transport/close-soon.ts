import type { Socket } from "node:net";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** Closes a socket once all is sent. Whoever doesn't read it within `drainMs` doesn't get it. */
export function closeSoon(socket: Socket, clock: Clock): void {
  if (socket.destroyed) return;
  // What is unread would make the answer a reset.
  socket.resume();
  socket.destroySoon();
  const cancel = clock.after(limits.drainMs, () => socket.destroy());
  socket.once("close", cancel);
}
