import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import {
  type ClefqError,
  type ClientFrame,
  clefqLimits,
  clefqVersion,
  encodeSignerFrame,
  FrameError,
  parseClientFrame,
  parseFrameBytes,
  type SignerFrame,
} from "@cleft/protocol/clefq.ts";
import { JsonSplitter } from "@cleft/protocol/json-stream.ts";
import { nameOf } from "../../domain/caller.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { qrexec } from "../rpc/dialect.ts";
import type { CallParts } from "./call-parts.ts";

type Timers = {
  [name in "life" | "ping" | "idle" | "stall" | "linger"]?: (() => void) | undefined;
};
type RequestFrame = Extract<ClientFrame, { type: "req" }>;

/**
 * A dispatcher's stream: many requests, each under an id, answered as they come. Unlike in a one-shot
 * call, whoever closes the sending half has gone. A request that comes when none is taken any more
 * is told so: nothing was signed, and the client may ask on another stream.
 */
export class QrexecStream {
  private readonly socket: Socket;
  private readonly parts: CallParts;
  private readonly splitter = new JsonSplitter({ bytesMax: clefqLimits.frameBytesMax });
  /** The requests that are open, by their ids. */
  private readonly open = new Map<string, AbortController>();
  private openBytes = 0;
  private greeted = false;
  /**
   * Once it isn't open no more requests are taken. After the last answer it is left to the client to
   * close, so that none is lost on the way; or it is hung up on who doesn't speak the protocol.
   */
  private phase: "open" | "leaving" | "hanging up" = "open";
  private wake = () => {};
  /** How to cancel each. */
  private readonly timers: Timers = {};

  constructor(socket: Socket, parts: CallParts) {
    this.socket = socket;
    this.parts = parts;
    this.timers.life = parts.clock.after(limits.streamLifeMs, () => this.end());
    this.pingLater();
    this.endWhenIdle();
    // In a stream the caller keeps the sending half open: it has gone.
    socket.once("end", () => this.destroy());
    socket.on("drain", () => this.wake());
    socket.once("close", () => this.closed());
  }

  /** What it holds: the frame that comes in, those that are served, the answers that go out. */
  get held(): number {
    return this.splitter.held + this.openBytes + this.socket.writableLength;
  }

  get isIdle(): boolean {
    return this.open.size === 0 && this.splitter.held === 0;
  }

  /** Reads until the client has gone, or has to go. */
  async run(): Promise<void> {
    const { chunks, arrived, grew } = this.parts;
    arrived();
    for (;;) {
      const chunk = await chunks.next();
      if (chunk === undefined) return;
      await this.takeAll(chunk);
      if (this.splitter.held > 0) this.beginStall();
      grew();
    }
  }

  /** Takes no more requests, says so, and goes once the open ones are answered. */
  end(): void {
    if (this.phase !== "open") return;
    this.phase = this.greeted ? "leaving" : "hanging up";
    if (this.greeted) this.say({ type: "bye" });
    this.leave();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private hangUp(): void {
    this.phase = "hanging up";
    this.leave();
  }

  /** Goes if nothing is open. */
  private leave(): void {
    if (this.phase === "open" || this.open.size > 0) return;
    const go = () => this.socket.destroySoon();
    if (this.phase === "leaving") this.timers.linger ??= this.parts.clock.after(limits.drainMs, go);
    else go();
  }

  /** Takes what a chunk completes. */
  private async takeAll(chunk: Uint8Array): Promise<void> {
    for (const cut of this.splitter.push(chunk)) {
      this.endStall();
      await this.room();
      if ("value" in cut) await this.take(cut.value);
      else this.hangUp();
    }
  }

  private async take(line: Uint8Array): Promise<void> {
    try {
      const frame = parseClientFrame(parseFrameBytes(line));
      if (this.greeted === (frame.type === "hello")) return this.hangUp();
      await this.act(frame, line);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // Whoever says which request it was may go on: the frames themselves are in step.
      if (error.id === undefined) return this.hangUp();
      this.sayError(error.id, "bad_frame");
    }
  }

  private async act(frame: ClientFrame, line: Uint8Array): Promise<void> {
    switch (frame.type) {
      case "hello":
        this.greet(frame.version);
        return;
      case "req":
        if (this.phase === "open") await this.place();
        if (this.phase === "open") this.begin(frame, line);
        else this.sayError(frame.id, "shutdown");
        return;
      case "cancel":
        this.open.get(frame.id)?.abort(new Failure("request.withdrawn", "the caller hung up"));
        return;
      case "ping":
        this.say({ type: "pong" });
        return;
      case "pong":
        return;
    }
  }

  /** Both say their version first; whoever knows another one only can't go on. */
  private greet(version: number): void {
    const { qube, profile } = this.parts.identity;
    this.greeted = true;
    const max = clefqLimits.frameBytesMax;
    const { inflight } = clefqLimits;
    this.say({ type: "hello", version: clefqVersion, qube, profile, max, inflight });
    if (version !== clefqVersion) this.hangUp();
  }

  private begin(frame: RequestFrame, line: Uint8Array): void {
    const { id } = frame;
    this.say({ type: "ack", id });
    // Asked twice at once: there is one answer.
    if (this.open.has(id)) return;
    const gone = new AbortController();
    this.timers.idle?.();
    this.open.set(id, gone);
    this.openBytes += line.length;
    this.parts.began();
    const hash = createHash("sha256").update(line).digest("base64");
    this.served(frame, hash, gone.signal)
      // A bug has been told by `serve` already.
      .catch(() => this.destroy())
      .finally(() => this.finish(id, line.length));
  }

  private async served(
    { id, rpc, claims }: RequestFrame,
    hash: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { frames, serve, identity, callerWith } = this.parts;
    const caller = callerWith(claims);
    const name = { caller: nameOf(identity), id, hash };
    const reply = await frames.once(name, signal, () =>
      serve({ untrustedBody: { json: rpc }, caller, dialect: qrexec, signal, frame: id }),
    );
    if ("code" in reply) this.sayError(id, reply.code);
    else this.say({ type: "res", id, rpc: reply.rpc });
  }

  private finish(id: string, bytes: number): void {
    this.open.delete(id);
    this.openBytes -= bytes;
    this.parts.ended();
    if (this.open.size === 0) this.endWhenIdle();
    this.leave();
    this.wake();
  }

  private sayError(id: string, code: ClefqError): void {
    this.say({ type: "err", id, code });
  }

  private say(frame: SignerFrame): void {
    if (!this.socket.writable) return;
    this.socket.write(encodeSignerFrame(frame));
    this.parts.grew();
  }

  /** Reads no further while too many answers lie unread. */
  private async room(): Promise<void> {
    await this.waitWhile(() => this.socket.writableLength > limits.unreadBytesMax);
  }

  /** Nor while too many requests are open: a client was told how many may be. */
  private async place(): Promise<void> {
    await this.waitWhile(() => this.open.size >= clefqLimits.inflight);
  }

  private async waitWhile(isFull: () => boolean): Promise<void> {
    while (isFull() && !this.socket.destroyed) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
  }

  /** A frame that was begun has to be completed in time: it takes memory that others need. */
  private beginStall(): void {
    this.timers.stall ??= this.parts.clock.after(limits.qrexecReadMs, () => this.destroy());
  }

  private endStall(): void {
    this.timers.stall?.();
    this.timers.stall = undefined;
  }

  /** What can't be written any more says that nobody reads: the client's end isn't always heard. */
  private pingLater(): void {
    this.timers.ping = this.parts.clock.after(clefqLimits.pingMs, () => {
      if (this.greeted && this.socket.writableLength === 0) this.say({ type: "ping" });
      this.pingLater();
    });
  }

  private endWhenIdle(): void {
    this.timers.idle = this.parts.clock.after(limits.streamIdleMs, () => this.end());
  }

  private closed(): void {
    for (const cancel of Object.values(this.timers)) cancel?.();
    const reason = new Failure("request.withdrawn", "the caller hung up");
    for (const gone of this.open.values()) gone.abort(reason);
    this.wake();
  }
}
