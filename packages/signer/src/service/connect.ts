import { connect, Socket } from "node:net";

/** Why there is no connection: nobody listens, too many wait to be let in, or it isn't ours. */
export type Unreached = "absent" | "busy" | "refused";

/** Connects to a socket of the file system. */
export function connectTo(path: string): Promise<Socket | Unreached> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const failed = (error: NodeJS.ErrnoException) =>
      resolve(unreached[error.code ?? ""] ?? "refused");
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(socket);
    });
  });
}

/** Whether somebody answered. */
export function isReached(found: Socket | Unreached): found is Socket {
  return found instanceof Socket;
}

const unreached: Readonly<Record<string, Unreached>> = {
  ENOENT: "absent",
  ECONNREFUSED: "absent",
  // What Linux says when the queue of a listening socket is full.
  EAGAIN: "busy",
};
