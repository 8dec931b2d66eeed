import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { encodeJson } from "@cleft/protocol/json.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";
import { type ControlRequest, controlFile, parseControlRequest } from "./control-protocol.ts";
import type { Operator } from "./operator.ts";

/**
 * Serves the operator's commands on a socket that only this user can open. One request a connection:
 * a line of JSON, for some a secret behind it, and one line back. Callers never get here.
 */
export async function openControl(
  configDir: string,
  operator: Operator,
  { clock, onBug }: { clock: Clock; onBug: (bug: unknown) => void },
): Promise<{ close(): Promise<void> }> {
  const path = join(configDir, controlFile);
  // Whatever lies there is a dead one's: this process holds the directory.
  await rm(path, { force: true });
  const server = createServer({ allowHalfOpen: true });
  server.maxConnections = limits.controlConnectionsMax;
  server.on("connection", (socket) => {
    serve(socket, operator, clock).catch(onBug);
  });
  await listen(server, path);
  return {
    async close() {
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

async function serve(socket: Socket, operator: Operator, clock: Clock): Promise<void> {
  const cancel = clock.after(limits.controlReadMs, () => socket.destroy());
  socket.on("error", () => undefined);
  try {
    const { request, secret } = await readRequest(socket);
    cancel();
    socket.end(`${encodeJson({ result: await act(request, secret, operator) })}\n`);
  } catch (error) {
    cancel();
    if (!(error instanceof Failure)) {
      socket.destroy();
      throw error;
    }
    const { code, message, hint = "" } = error;
    socket.end(`${encodeJson({ error: { code, message, hint } })}\n`);
  }
}

function act(request: ControlRequest, secret: Secret, operator: Operator): Promise<unknown> {
  switch (request.command) {
    case "status":
      return operator.status();
    case "lock":
      return operator.lock("control");
    case "unlock":
      return operator.unlock("control");
    case "unlock-account":
      return operator.unlockAccount(request.terms, secret);
    case "record":
      return operator.record(request.entry);
  }
}

/** A line, and as many bytes behind it as it says. What was read of a secret is wiped. */
async function readRequest(
  socket: Socket,
): Promise<{ readonly request: ControlRequest; readonly secret: Secret }> {
  const whole = Buffer.alloc(limits.controlBytesMax);
  let length = 0;
  let request: ControlRequest | undefined;
  let start = 0;
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      if (length + chunk.length > whole.length) throw tooLong();
      length += chunk.copy(whole, length);
      chunk.fill(0);
      if (request === undefined) {
        const end = whole.subarray(0, length).indexOf(0x0a);
        if (end < 0) continue;
        request = parseControlRequest(whole.subarray(0, end));
        start = end + 1;
      }
      const wanted = "secretBytes" in request ? request.secretBytes : 0;
      if (length < start + wanted) continue;
      return { request, secret: Secret.taking(whole.subarray(start, start + wanted)) };
    }
    throw new Failure("control.failed", "expected a whole request");
  } finally {
    whole.fill(0);
  }
}

function tooLong(): Failure {
  return new Failure("control.failed", `expected at most ${limits.controlBytesMax} bytes`);
}

/** The directory is 0700 and the mask of the process 077, so nobody else can open it. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path }, resolve);
  });
}
