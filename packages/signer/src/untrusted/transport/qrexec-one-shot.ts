import type { Socket } from "node:net";
import { GrowingBytes } from "@cleft/protocol/growing.ts";
import { Failure } from "../../domain/failure.ts";
import { probeHangUp } from "../../domain/hang-up.ts";
import { limits } from "../../domain/limits.ts";
import { qrexec } from "../rpc/dialect.ts";
import { parseErrorReply } from "../rpc/envelope.ts";
import type { CallParts } from "./call-parts.ts";
import { closeSoon } from "./close-soon.ts";

/**
 * One request or batch up to the end of the sending half, one line back: what `cat request.json |
 * qrexec-client-vm` does. It has no id, so whoever repeats it asks anew.
 */
export class OneShot {
  private readonly socket: Socket;
  private readonly parts: CallParts;
  private readonly body = new GrowingBytes();
  private readonly gone = new AbortController();
  private servedBytes = 0;

  constructor(socket: Socket, parts: CallParts) {
    this.socket = socket;
    this.parts = parts;
    socket.once("close", () =>
      this.gone.abort(new Failure("request.withdrawn", "the caller hung up")),
    );
  }

  get held(): number {
    return this.body.capacity + this.servedBytes + this.socket.writableLength;
  }

  /** Until its answer is given it is asked for something. */
  get isIdle(): boolean {
    return false;
  }

  async run(): Promise<void> {
    const { chunks, arrived, grew } = this.parts;
    for (;;) {
      const chunk = await chunks.next();
      if (chunk === undefined) break;
      // No JSON has a zero, but a second descriptor ends with one.
      if (chunk.includes(0)) return this.destroy();
      this.body.push(chunk);
      if (this.body.length > limits.bodyBytesMax) return this.say(`${parseErrorReply}\n`);
      grew();
    }
    arrived();
    await this.answer();
  }

  /** What is served is cut off by `destroy` only. */
  end(): void {}

  destroy(): void {
    this.socket.destroy();
  }

  private async answer(): Promise<void> {
    const { serve, callerWith, clock, began, ended } = this.parts;
    const probe = probeHangUp(this.socket, clock);
    const untrustedBody = this.body.take();
    this.servedBytes = untrustedBody.buffer.byteLength;
    began();
    try {
      const reply = await serve({
        untrustedBody,
        caller: callerWith(noClaims),
        dialect: qrexec,
        signal: this.gone.signal,
      });
      this.say(reply ?? "");
    } finally {
      probe.end();
      ended();
    }
  }

  /** The socket goes with the answer: as long as it is half open the caller's program stays. */
  private say(text: string): void {
    if (this.socket.writable) this.socket.write(text);
    this.parts.chunks.end();
    closeSoon(this.socket, this.parts.clock);
  }
}

/** Nobody is between the caller and us. */
const noClaims = { remote: "", host: "", origin: "", userAgent: "" };
