import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps a server's connections at most `max`. When one more comes, the one that has been idle for
 * the longest goes: whoever only holds connections can't shut others out.
 */
export function boundConnections(server: Server, max: number): void {
  /** Sockets and how many requests they have open, the longest idle one first. */
  const open = new Map<Socket, number>();

  server.on("connection", (socket: Socket) => {
    // One listener a pipelined request; each goes with its response.
    socket.setMaxListeners(0);
    if (open.size >= max) idleOf(open)?.destroy();
    open.set(socket, 0);
    socket.once("close", () => open.delete(socket));
  });

  server.on("request", ({ socket }, response) => {
    open.set(socket, (open.get(socket) ?? 0) + 1);
    response.once("close", () => {
      const left = (open.get(socket) ?? 1) - 1;
      // Deleted and set again, it is the last one in the order.
      if (open.delete(socket)) open.set(socket, left);
    });
  });
}

function idleOf(open: ReadonlyMap<Socket, number>): Socket | undefined {
  for (const [socket, requests] of open) if (requests === 0) return socket;
  return undefined;
}
