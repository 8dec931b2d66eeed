import { connect, type Socket } from "node:net";
import { encodeJsonValue, type JsonValue } from "@cleft/protocol/json.ts";
import { JsonSplitter } from "@cleft/protocol/json-stream.ts";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { idsOf } from "../domain/envelope.ts";
import { Failure, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Turns } from "./turns.ts";
import type { Asked, Upstream } from "./upstream.ts";

/**
 * The signer behind a Unix socket, in Clef's plain protocol. It has no word for withdrawing a
 * request but to hang up, so each has a connection of its own. It has no room for claims.
 */
export class Ipc implements Upstream {
  readonly name: string;
  private readonly path: string;
  private readonly turns = new Turns();

  constructor(path: string) {
    this.name = `ipc ${path}`;
    this.path = path;
  }

  call({ rpc }: Asked, signal: AbortSignal): Promise<string | undefined> {
    return this.turns.run(signal, (either) => this.exchange(rpc, either));
  }

  async close(): Promise<void> {
    this.turns.close();
  }

  private exchange(rpc: JsonValue, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: this.path });
      const hangUp = () => {
        socket.destroy();
        reject(new Failure("request.withdrawn"));
      };
      if (signal.aborted) return hangUp();
      signal.addEventListener("abort", hangUp, { once: true });
      send(socket, rpc)
        .then(resolve, reject)
        .finally(() => {
          signal.removeEventListener("abort", hangUp);
          socket.destroy();
        });
    });
  }
}

/** Sends a body and waits for its reply, or for the end if there is none. */
function send(socket: Socket, rpc: JsonValue): Promise<string | undefined> {
  const splitter = new JsonSplitter({ bytesMax: limits.replyBytesMax });
  const isAnswered = idsOf(rpc).length > 0;
  let isSent = false;
  return new Promise((resolve, reject) => {
    socket.on("connect", () => {
      isSent = true;
      socket.write(`${encodeJsonValue(rpc)}\n`);
      if (!isAnswered) socket.end();
    });
    socket.on("data", (chunk: Uint8Array) => {
      for (const cut of splitter.push(chunk)) {
        if ("value" in cut) resolve(Buffer.from(cut.value).toString("utf8"));
        else reject(new Failure("outcome.unknown", cut.skipped));
      }
    });
    socket.on("error", (error) => reject(failureOf(error, isSent)));
    socket.on("close", () => {
      if (isAnswered) reject(new Failure("outcome.unknown", "the connection was closed"));
      else resolve(undefined);
    });
  });
}

function failureOf(error: Error, isSent: boolean): Failure {
  if (isSent) return new Failure("outcome.unknown", reasonOf(error), error);
  const isForbidden = systemCode(error) === "EACCES";
  return new Failure(isForbidden ? "signer.forbidden" : "signer.down", reasonOf(error), error);
}
