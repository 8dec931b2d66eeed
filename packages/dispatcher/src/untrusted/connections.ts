import type { Server } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Keeps connections at most `max`. When one more comes, the one that has been idle for the longest
 * goes: whoever only holds connections can't shut others out.
 */
export class Connections {
  /** How many requests each has open, the longest idle one first. */
  private readonly open = new Map<Socket, number>();
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  /** Counts a server's connections and their requests from now on. */
  watch(server: Server): void {
    // Beyond idle ones: what all of them hold open together.
    server.maxConnections = 2 * this.max;
    server.on("connection", (socket: Socket) => {
      // One listener a pipelined request; each goes with its response.
      socket.setMaxListeners(0);
      if (this.open.size >= this.max) this.idle()?.destroy();
      this.open.set(socket, 0);
      socket.once("close", () => this.open.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      this.open.set(socket, this.requestsOf(socket) + 1);
      response.once("close", () => this.ended(socket));
    });
  }

  /** How many requests of a connection are open. */
  requestsOf(socket: Socket): number {
    return this.open.get(socket) ?? 0;
  }

  /** Whether a connection has a request open. */
  isServed(socket: Duplex): boolean {
    return socket instanceof Socket && this.requestsOf(socket) > 0;
  }

  private ended(socket: Socket): void {
    const left = this.requestsOf(socket) - 1;
    // Deleted and set again, it is the last one in the order.
    if (this.open.delete(socket)) this.open.set(socket, left);
  }

  private idle(): Socket | undefined {
    for (const [socket, requests] of this.open) if (requests === 0) return socket;
    return undefined;
  }
}
