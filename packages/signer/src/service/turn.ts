import { connect, createServer, type Server, type Socket } from "node:net";

/** One of many wrappers starts the signer. */
export interface Turn {
  /** Whether it is this process that starts it. */
  readonly isMine: boolean;
  /** Whether the one that does has ended its turn. */
  isOver(): boolean;
  end(): void;
}

/**
 * Takes the turn, or watches who has it. It is an abstract socket, which the kernel takes away with
 * its process, however that ends.
 */
export async function takeTurn(name: string): Promise<Turn> {
  const watchers = new Set<Socket>();
  const server = createServer((socket) => {
    watchers.add(socket);
    socket.on("error", () => undefined).once("close", () => watchers.delete(socket));
  });
  if (!(await listens(server, name))) return watch(name);
  let isOver = false;
  return {
    isMine: true,
    isOver: () => isOver,
    end() {
      isOver = true;
      server.close();
      for (const socket of watchers) socket.destroy();
    },
  };
}

function watch(name: string): Turn {
  let isOver = false;
  const socket = connect({ path: name });
  socket
    .on("error", () => undefined)
    .once("close", () => {
      isOver = true;
    });
  socket.resume();
  return { isMine: false, isOver: () => isOver, end: () => void socket.destroy() };
}

function listens(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen({ path: name }, () => resolve(true));
  });
}
