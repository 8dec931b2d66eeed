import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import type { ClefqError, ClientFrame, SignerFrame } from "@cleft/protocol/clefq/frames.ts";
import { clefqVersion } from "@cleft/protocol/clefq/limits.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Call } from "./call.ts";
import type { Channel, Ending } from "./channel.ts";
import { Heartbeat } from "./heartbeat.ts";
import { SignerFrames, type SignerHello } from "./signer-frames.ts";

/** What a stream tells. */
export interface StreamEvents {
  opened(hello: SignerHello): void;
  /** The signer took something up or answered: there may be room again. */
  moved(): void;
  /** The signer didn't take it up, and never will: it may be asked on another stream. */
  spared(call: Call): void;
  /** The signer takes no more here. What is open is still answered. */
  leaving(): void;
  /** It is over; `open` are the calls that were sent and got no answer. */
  ended(ending: Ending, open: readonly Call[]): void;
}

export interface StreamParts {
  readonly clock: Clock;
  /** What it says of itself, `name/x.y`. */
  readonly client: string;
}

/** One stream to the signer: frames out and in, and whether the other end lives. */
export class Stream {
  private readonly channel: Channel;
  private readonly events: StreamEvents;
  private readonly clock: Clock;
  private readonly heartbeat: Heartbeat;
  private readonly frames = new SignerFrames();
  private readonly open = new Map<string, Call>();
  private isOver = false;
  private isLeaving = false;

  constructor(channel: Channel, events: StreamEvents, { clock, client }: StreamParts) {
    this.channel = channel;
    this.events = events;
    this.clock = clock;
    this.heartbeat = new Heartbeat(clock, {
      ping: () => this.write({ type: "ping" }),
      silent: () => this.cut({ kind: "silent" }),
      idle: () => this.end(),
    });
    // A pipe that breaks is told by `ended`, with the reason.
    channel.input.on("error", () => undefined);
    channel.output.on("error", () => undefined);
    channel.output.on("data", (chunk: Uint8Array) => this.read(chunk));
    // A service that half-closes is done; the client program stays until we do the same.
    channel.output.on("end", () => channel.input.end());
    channel.ended.then((ending) => this.finish(ending));
    this.write({ type: "hello", version: clefqVersion, client });
  }

  /** Resolves once the client program is gone. */
  get over(): Promise<unknown> {
    return this.channel.ended;
  }

  /** Whether another call may be sent now. */
  get hasRoom(): boolean {
    const { hello } = this.frames;
    if (hello === undefined || this.isOver || this.isLeaving) return false;
    if (!this.channel.input.writable) return false;
    return this.open.size < Math.min(limits.inflightMax, Math.max(1, hello.inflight));
  }

  send(call: Call): void {
    if (call.bytes > (this.frames.hello?.max ?? 0)) {
      call.settle(new Failure("request.long"));
      return;
    }
    call.sent++;
    this.open.set(call.id, call);
    this.heartbeat.used(this.open.size);
    this.channel.input.write(call.frame);
  }

  /** Withdraws a call; what is answered to it from now on is nobody's. */
  cancel(id: string): void {
    if (!this.open.has(id)) return;
    this.write({ type: "cancel", id });
    this.close(id);
  }

  /** Says goodbye: the client program ends by itself, or is ended. */
  end(): void {
    this.heartbeat.stop();
    this.channel.input.end();
    const cancel = this.clock.after(limits.endMs, () => this.channel.kill());
    this.channel.ended.then(cancel);
  }

  private read(chunk: Uint8Array): void {
    if (this.isOver) return;
    const why = this.frames.take(chunk, (frame) => this.take(frame));
    if (why !== undefined) this.cut(why);
  }

  private take(frame: SignerFrame): void {
    this.heartbeat.heard();
    switch (frame.type) {
      case "hello":
        this.heartbeat.start();
        this.events.opened(frame);
        break;
      case "ack":
        this.acknowledge(frame.id);
        break;
      case "res":
        this.settle(frame.id, frame.rpc);
        break;
      case "err":
        this.refuse(frame.id, frame.code);
        break;
      case "bye":
        this.leave();
        break;
      case "ping":
        this.write({ type: "pong" });
        break;
      case "pong":
        break;
    }
  }

  private acknowledge(id: string): void {
    const call = this.open.get(id);
    if (call !== undefined) call.acked = true;
    this.events.moved();
  }

  private settle(id: string, outcome: string | undefined | Failure): void {
    this.close(id)?.settle(outcome);
    this.events.moved();
  }

  private refuse(id: string, code: ClefqError): void {
    const call = this.open.get(id);
    if (code === "shutdown" && call?.acked === false) {
      this.leave();
      this.close(id);
      this.events.spared(call);
    } else {
      this.settle(id, new Failure(`said.${code}`));
    }
  }

  /** It has its answer, so that it isn't open any more. */
  private close(id: string): Call | undefined {
    const call = this.open.get(id);
    this.open.delete(id);
    this.heartbeat.used(this.open.size);
    this.endIfLeft();
    return call;
  }

  private leave(): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.events.leaving();
    this.endIfLeft();
  }

  private endIfLeft(): void {
    if (this.isLeaving && this.open.size === 0) this.end();
  }

  private write(frame: ClientFrame): void {
    if (this.channel.input.writable) this.channel.input.write(encodeClientFrame(frame));
  }

  private cut(ending: Ending): void {
    this.channel.kill();
    this.finish(ending);
  }

  private finish(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    this.heartbeat.stop();
    const open = [...this.open.values()];
    this.open.clear();
    this.events.ended(ending, open);
  }
}
