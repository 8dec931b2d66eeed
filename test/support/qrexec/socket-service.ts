import { connect, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { chop, Inflow, Outflow, once } from "./flow.ts";
import type { Running, Start } from "./running.ts";

/** How often a service that closed its half is looked at for having gone. */
const lookMs = 10;

/**
 * Joins a call to a service that listens on a socket. It learns the service's full name and the
 * source from a header, has no stderr, and its exit code is 0; 125 when nobody listens.
 */
export function joinSocket({ service, name, source, config, stream, listener }: Start): Running {
  const socket = connect({ path: service.path, allowHalfOpen: true });
  const exit = once(() => listener.exit(connected ? 0 : 125));
  let connected = false;
  socket.once("connect", () => {
    connected = true;
  });
  socket.on("error", () => undefined);
  socket.once("end", () => {
    if (config["exit-on-service-eof"]) socket.destroy();
    else lookOut(socket);
  });
  const { sink, reader } = around(socket, stream);
  const inflow = new Inflow(sink, (bytes) => listener.credit(bytes));
  const outflow = new Outflow(reader, (chunk) => {
    listener.output(chunk);
    if (chunk.length === 0 && socket.destroyed) exit();
  });
  socket.once("close", () => {
    if (reader.readableEnded || reader.destroyed) exit();
    else reader.once("close", exit);
  });

  let header = config["skip-service-descriptor"] ? "" : `${name.full} ${source}\0`;
  const write = (chunk: Buffer) => {
    const bytes = Buffer.concat([Buffer.from(header), chunk]);
    header = "";
    if (bytes.length > 0) inflow.write(bytes);
  };
  if (stream.header !== "joined") socket.once("connect", () => afterReading(() => write(none)));
  const end = () => (config["exit-on-client-eof"] ? socket.destroySoon() : inflow.end());
  return {
    input: (chunk) =>
      afterReading(() => {
        write(chunk);
        if (chunk.length === 0) end();
      }),
    credit: (bytes) => outflow.credit(bytes),
    hangUp: () => afterReading(() => socket.destroySoon()),
    kill: () => socket.destroy(),
  };
}

const none = Buffer.alloc(0);

/**
 * A write to a service that has gone makes Node forget what it could still have read from it, so all
 * sockets are read once before.
 */
function afterReading(work: () => void): void {
  setImmediate(() => setImmediate(work));
}

/** Bytes go straight, or through what cuts them. */
function around(socket: Socket, { chunk }: Start["stream"]): { sink: Writable; reader: Readable } {
  if (chunk === undefined) return { sink: socket, reader: socket };
  const [inward, outward] = [chop(chunk), chop(chunk)];
  inward.pipe(socket);
  // Without a reader the rest is thrown away.
  socket.once("close", () => {
    inward.resume();
    if (!socket.readableEnded) outward.end();
  });
  return { sink: inward, reader: socket.pipe(outward) };
}

/** Only a write shows whether the other end is half closed or gone; an empty one disturbs nobody. */
function lookOut(socket: Socket): void {
  const timer = setInterval(() => socket.write(Buffer.alloc(0)), lookMs);
  socket.once("close", () => clearInterval(timer));
}
