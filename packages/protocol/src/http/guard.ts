import type { Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connections } from "../connections.ts";
import { refuseBytes } from "./bad-request.ts";
import { httpLimits } from "./limits.ts";
import type { Timer } from "./watch-caller.ts";

/** What every server of ours is made with. */
export const serverOptions: ServerOptions = {
  maxHeaderSize: httpLimits.headBytesMax,
  requestTimeout: httpLimits.requestReadMs,
  headersTimeout: httpLimits.headReadMs,
  connectionsCheckingInterval: httpLimits.slowClientCheckMs,
  keepAliveTimeout: httpLimits.keepAliveMs,
  noDelay: true,
  // Clef says what is missing; Node would say nothing.
  requireHostHeader: false,
};

/**
 * Bounds a server's connections and answers what never becomes a request. A client may close its
 * sending half and still wait for the answer.
 */
export function guard(server: Server, connections: Connections<Socket>): void {
  Object.assign(server, { httpAllowHalfOpen: true });
  // Beyond idle ones: what all of them hold open together.
  server.maxConnections = 2 * connections.max;
  const sockets = new Map<Duplex, Socket>();
  server.on("connection", (socket: Socket) => {
    // One listener a pipelined request; each goes with its response.
    socket.setMaxListeners(0);
    connections.add(socket);
    sockets.set(socket, socket);
    socket.once("close", () => {
      connections.remove(socket);
      sockets.delete(socket);
    });
  });
  server.on("request", ({ socket }, response) => {
    connections.began(socket);
    response.once("close", () => connections.ended(socket));
  });
  // Whoever asks before sending a body: the exchange says yes once it isn't refused.
  server.on("checkContinue", (request, response) => {
    server.emit("request", request, response);
  });
  server.on("clientError", (error, socket) => {
    const known = sockets.get(socket);
    const isServed = known !== undefined && connections.requestsOf(known) > 0;
    // Behind an answer that goes out, a second one would be read as the next request's.
    if (isServed) socket.end(() => socket.destroy());
    else refuseBytes(error, socket);
  });
}

/** Takes no more requests, waits for open ones at most `drainMs`, then cuts. */
export async function closeServer(
  server: Server,
  { timer, drainMs }: { timer: Timer; drainMs: number },
): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const cancel = timer.after(drainMs, () => server.closeAllConnections());
  await closed;
  cancel();
}
