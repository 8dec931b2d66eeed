import type { Socket } from "node:net";
import { JsonSplitter } from "@cleft/protocol/json-stream.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import { type HangUpProbe, probeHangUp } from "../../domain/hang-up.ts";
import { limits } from "../../domain/limits.ts";
import { stream } from "../rpc/dialect.ts";
import { parseErrorReply } from "../rpc/envelope.ts";
import type { Serve } from "./transport.ts";

/** What a connection needs, and whom it tells. */
export interface ConnectionParts {
  readonly serve: Serve;
  readonly clock: Clock;
  readonly began: () => void;
  readonly ended: () => void;
  /** It holds more than before. */
  readonly grew: () => void;
}

/** Who may be behind the socket: all that is known. Claims as Clef has them. */
const caller: Caller = {
  identity: { kind: "socket", name: "ipc" },
  claims: { remote: "NA", host: "NA", origin: "", userAgent: "" },
};

/**
 * One connection: a stream of JSON values in, a line for each answer out, as they come. It reads no
 * further while too many requests are open or too many answers lie unread. After something that is
 * no JSON nothing is taken any more, because nobody can say where the next value begins.
 */
export class IpcConnection {
  private readonly socket: Socket;
  private readonly parts: ConnectionParts;
  private readonly splitter = new JsonSplitter({ bytesMax: limits.bodyBytesMax });
  private readonly gone = new AbortController();
  private open = 0;
  private openBytes = 0;
  /** No more requests are taken; it ends with the last answer. */
  private ending = false;
  private wake = () => {};
  /** Runs while a request is open. */
  private probe: HangUpProbe | undefined;
  private cancelStall: (() => void) | undefined;

  constructor(socket: Socket, parts: ConnectionParts) {
    this.socket = socket;
    this.parts = parts;
    // What fails is the connection, and `close` follows.
    socket.on("error", () => undefined);
    socket.on("drain", () => this.wake());
    socket.once("close", () => this.closed());
  }

  /** What it holds: the message that comes in, those that are served, the answers that go out. */
  get held(): number {
    return this.splitter.held + this.openBytes + this.socket.writableLength;
  }

  /** Reads until the client is done, or has to be cut off. */
  async run(): Promise<void> {
    // Its end is not the caller's: a client may close its sending half and wait for answers.
    for await (const chunk of this.socket.iterator({ destroyOnReturn: false })) {
      for (const cut of this.splitter.push(chunk)) {
        this.endStall();
        await this.room();
        if (this.ending) break;
        if ("value" in cut) this.begin(cut.value);
        else this.fail();
      }
      if (this.ending) break;
      if (this.splitter.held > 0) this.beginStall();
      this.parts.grew();
    }
    this.end();
  }

  /** Takes no more requests and goes once the open ones are answered. */
  end(): void {
    this.ending = true;
    this.endStall();
    // Thrown away: a socket that is closed with bytes unread is reset.
    this.socket.resume();
    if (this.open === 0) this.socket.destroySoon();
    else this.probe?.now();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async room(): Promise<void> {
    while (this.isFull() && !this.socket.destroyed) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
  }

  private isFull(): boolean {
    const unread = this.socket.writableLength;
    return this.open >= limits.requestsPerConnectionMax || unread > limits.unreadBytesMax;
  }

  private begin(untrustedBody: Uint8Array): void {
    const { serve, began, grew } = this.parts;
    const bytes = untrustedBody.length;
    if (this.open++ === 0) this.probe = probeHangUp(this.socket, this.parts.clock);
    this.openBytes += bytes;
    began();
    grew();
    serve({
      untrustedBody,
      caller,
      dialect: stream,
      signal: this.gone.signal,
      malformed: () => {
        this.ending = true;
      },
    })
      .then((reply) => this.say(reply))
      // A bug has been told by `serve` already.
      .catch(() => this.destroy())
      .finally(() => this.finish(bytes));
  }

  private say(reply: string | undefined): void {
    if (reply === undefined || !this.socket.writable) return;
    this.socket.write(reply);
    this.parts.grew();
  }

  private finish(bytes: number): void {
    this.open--;
    this.openBytes -= bytes;
    this.parts.ended();
    if (this.open === 0) this.probe?.end();
    if (this.open === 0 && this.ending) this.socket.destroySoon();
    this.wake();
  }

  /** What isn't even framed as JSON, or is too long, is answered like JSON that is malformed. */
  private fail(): void {
    this.ending = true;
    this.say(`${parseErrorReply}\n`);
  }

  /** A message that was begun has to be completed in time: it takes memory that others need. */
  private beginStall(): void {
    this.cancelStall ??= this.parts.clock.after(limits.requestReadMs, () => this.destroy());
  }

  private endStall(): void {
    this.cancelStall?.();
    this.cancelStall = undefined;
  }

  private closed(): void {
    this.probe?.end();
    this.endStall();
    this.gone.abort(new Failure("request.withdrawn", "the caller hung up"));
    this.wake();
  }
}
