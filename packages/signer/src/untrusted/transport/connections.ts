import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps connections at most `max`. When one more comes, the one that has been idle for the longest
 * goes: whoever only holds connections can't shut others out.
 */
export class Connections<C extends { destroy(): void }> {
  /** How many requests each has open, the longest idle one first. */
  private readonly open = new Map<C, number>();
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.open.keys();
  }

  add(connection: C): void {
    if (this.open.size >= this.max) this.idle()?.destroy();
    this.open.set(connection, 0);
  }

  remove(connection: C): void {
    this.open.delete(connection);
  }

  began(connection: C): void {
    this.open.set(connection, (this.open.get(connection) ?? 0) + 1);
  }

  ended(connection: C): void {
    const left = (this.open.get(connection) ?? 1) - 1;
    // Deleted and set again, it is the last one in the order.
    if (this.open.delete(connection)) this.open.set(connection, left);
  }

  private idle(): C | undefined {
    for (const [connection, requests] of this.open) if (requests === 0) return connection;
    return undefined;
  }
}

/** Keeps an HTTP server's connections at most `max`. */
export function boundConnections(server: Server, max: number): void {
  const connections = new Connections<Socket>(max);
  server.on("connection", (socket: Socket) => {
    // One listener a pipelined request; each goes with its response.
    socket.setMaxListeners(0);
    connections.add(socket);
    socket.once("close", () => connections.remove(socket));
  });
  server.on("request", ({ socket }, response) => {
    connections.began(socket);
    response.once("close", () => connections.ended(socket));
  });
}
