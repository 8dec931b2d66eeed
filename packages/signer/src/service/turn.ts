import { connect, createServer, type Server, type Socket } from "node:net";

/** Says to those who watch that there is no signer. */
const failedByte = "x";

/** One of many wrappers starts the signer. */
export interface Turn {
  /** Whether it is this process that starts it. */
  readonly isMine: boolean;
  /**
   * Whether the one that does has said that there is no signer. One that just vanishes, because it was
   * killed, has said nothing: what it started may still come up.
   */
  hasFailed(): boolean;
  /** Ends the turn, and tells those who watch when it failed. Who only watches ends nothing. */
  end(how: "done" | "failed"): Promise<void>;
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
  return {
    isMine: true,
    hasFailed: () => false,
    async end(how) {
      await letIn(() => watchers.size);
      server.close();
      for (const socket of watchers) {
        // Written at once: this process ends.
        if (how === "failed") socket.write(failedByte);
        socket.destroy();
      }
    },
  };
}

/** Whoever has connected already is let in, one a turn of the event loop, to be told as well. */
async function letIn(count: () => number): Promise<void> {
  for (let before = -1; before < count(); ) {
    before = count();
    // The first may be of a turn that has looked already.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

function watch(name: string): Turn {
  let hasFailed = false;
  const socket = connect({ path: name });
  socket
    .on("error", () => undefined)
    .once("data", () => {
      hasFailed = true;
    });
  return { isMine: false, hasFailed: () => hasFailed, end: async () => void socket.destroy() };
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
