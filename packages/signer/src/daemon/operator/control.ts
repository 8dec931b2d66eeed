import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { encodeJson } from "@cleft/protocol/json.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure, isSystemError } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { listenAt } from "../../untrusted/transport/socket-file.ts";
import { controlFile } from "./control-protocol.ts";
import { type Heard, readControlRequest } from "./control-reader.ts";
import type { Operator } from "./operator.ts";

/**
 * Serves the operator's commands on a socket that only this user can open. One request a connection:
 * a line of JSON, for some a secret behind it, and one line back. Callers never get here.
 * @throws Failure `transport.refused`
 */
export async function openControl(
  configDir: string,
  operator: Operator,
  { clock, onBug }: { clock: Clock; onBug: (bug: unknown) => void },
): Promise<{ close(): Promise<void> }> {
  const server = createServer({ allowHalfOpen: true });
  server.maxConnections = limits.controlConnectionsMax;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
    serve(socket, operator, clock).catch(onBug);
  });
  const path = join(configDir, controlFile);
  const file = await listenAt(server, { path, api: "control", folderSetting: "--configdir" });
  return {
    async close() {
      await file.remove();
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** However long the act takes, the client has `controlReadMs` to ask, and as long to take the answer. */
async function serve(socket: Socket, operator: Operator, clock: Clock): Promise<void> {
  const heard = await within(socket, clock, () =>
    readControlRequest(socket.iterator({ destroyOnReturn: false })),
  );
  if (heard === undefined) return;
  const gone = new AbortController();
  // Nothing more is read. An end is a client that has closed, as far as this side can tell.
  for (const event of ["end", "close"]) socket.once(event, () => gone.abort());
  socket.resume();
  const reply = await replyTo(heard, operator, gone.signal);
  await within(socket, clock, () => sent(socket, `${encodeJson(reply)}\n`));
}

/** What `talk` gives, or undefined: a client that is slow or gone is nobody's fault. */
async function within<T>(
  socket: Socket,
  clock: Clock,
  talk: () => Promise<T>,
): Promise<T | undefined> {
  const cancel = clock.after(limits.controlReadMs, () => socket.destroy());
  try {
    return await talk();
  } catch (error) {
    if (!socket.destroyed && !isSystemError(error)) throw error;
    socket.destroy();
    return undefined;
  } finally {
    cancel();
  }
}

function sent(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.write(text);
    socket.destroySoon();
  });
}

async function replyTo(
  heard: Heard | Failure,
  operator: Operator,
  gone: AbortSignal,
): Promise<object> {
  try {
    if (heard instanceof Failure) throw heard;
    return { result: await act(heard, operator, gone) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint = "" } = error;
    return { error: { code, message, hint } };
  }
}

function act({ request, secret }: Heard, operator: Operator, gone: AbortSignal): Promise<unknown> {
  switch (request.command) {
    case "status":
      return operator.status();
    case "lock":
      return operator.lock("control");
    case "unlock":
      return operator.unlock("control");
    case "lock-account":
      return operator.lockAccount(request.account);
    case "check-unlock":
      return operator.checkUnlock(request.account);
    case "unlock-account":
      return operator.unlockAccount(request.terms, secret, gone);
    case "record":
      return operator.record(request.entry);
  }
}
