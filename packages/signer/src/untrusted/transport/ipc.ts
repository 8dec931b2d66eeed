import { createServer, type Socket } from "node:net";
import { Connections } from "@cleft/protocol/connections.ts";
import { overweight } from "@cleft/protocol/overweight.ts";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";
import { drain } from "./drain.ts";
import { IpcConnection } from "./ipc-connection.ts";
import { listenAt, type SocketFile } from "./socket-file.ts";
import type { Serve, Transport } from "./transport.ts";

export interface IpcSettings {
  /** Where the socket is made. */
  readonly path: string;
}

/** JSON values over a Unix socket, mode 0600. Who speaks is any program that may open it. */
export function ipcTransport({ path }: IpcSettings, { clock }: { clock: Clock }): Transport {
  const server = createServer({ allowHalfOpen: true });
  // Beyond idle ones: what all of them hold open together.
  server.maxConnections = 2 * limits.connectionsMax;
  const connections = new Connections<IpcConnection>(limits.connectionsMax);
  let file: SocketFile | undefined;

  function accept(socket: Socket, serve: Serve): void {
    const connection: IpcConnection = new IpcConnection(socket, {
      serve,
      clock,
      began: () => connections.began(connection),
      ended: () => connections.ended(connection),
      grew: () => overweight(connections, limits.bodiesBytesMax)?.destroy(),
    });
    connections.add(connection);
    socket.once("close", () => connections.remove(connection));
    connection.run().catch(() => connection.destroy());
  }

  return {
    async open(serve) {
      server.on("connection", (socket) => accept(socket, serve));
      const said = { folderSetting: "--ipcpath", offSetting: "--ipcdisable" };
      file = await listenAt(server, { path, api: "IPC", ...said });
      return path;
    },

    async close() {
      await file?.remove();
      await drain(server, connections, clock);
    },
  };
}
