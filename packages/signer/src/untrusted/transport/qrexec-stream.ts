import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { type ClientFrame, FrameError } from "@cleft/protocol/clefq/frames.ts";
import { clefqLimits, clefqVersion } from "@cleft/protocol/clefq/limits.ts";
import { parseClientFrame, parseFrameBytes } from "@cleft/protocol/clefq/parse.ts";
import { JsonSplitter } from "@cleft/protocol/json-stream.ts";
import { nameOf } from "../../domain/caller.ts";
import { limits } from "../../domain/limits.ts";
import { loopTurn } from "../loop-turn.ts";
import { qrexec } from "../rpc/dialect.ts";
import type { CallParts } from "./call-parts.ts";
import { closeSoon } from "./close-soon.ts";
import { FramesOut } from "./frames-out.ts";
import { StreamRequests } from "./stream-requests.ts";
import { Timers } from "./timers.ts";

type RequestFrame = Extract<ClientFrame, { type: "req" }>;

/**
 * A dispatcher's stream: many requests, each under an id, answered as they come. Unlike in a one-shot
 * call, whoever closes the sending half has gone. A request that comes when none is taken any more
 * is told so: nothing was signed, and the client may ask on another stream.
 */
export class QrexecStream {
  private readonly socket: Socket;
  private readonly parts: CallParts;
  private readonly out: FramesOut;
  private readonly splitter = new JsonSplitter({ bytesMax: clefqLimits.frameBytesMax });
  private readonly requests: StreamRequests;
  private greeted = false;
  /**
   * Once it isn't open no more requests are taken. After the last answer it is left to the client to
   * close, so that none is lost on the way; or it is hung up on who doesn't speak the protocol.
   */
  private phase: "open" | "leaving" | "hanging up" | "closed" = "open";
  private readonly timers: Timers<"life" | "ping" | "idle" | "stall" | "linger">;

  constructor(socket: Socket, parts: CallParts) {
    this.socket = socket;
    this.parts = parts;
    this.out = new FramesOut(socket, parts.grew);
    this.timers = new Timers(parts.clock);
    this.requests = new StreamRequests({
      begin: (id) => {
        this.timers.cancel("idle");
        parts.began();
        this.out.say({ type: "ack", id });
      },
      finish: () => this.finished(),
    });
    this.timers.set("life", limits.streamLifeMs, () => this.end());
    this.pingLater();
    this.endWhenIdle();
    // In a stream the caller keeps the sending half open: it has gone.
    socket.once("end", () => this.destroy());
    socket.once("close", () => this.closed());
  }

  /** What it holds: the frame that comes in, those that are served, the answers that go out. */
  get held(): number {
    return this.splitter.held + this.requests.bytes + this.out.unread;
  }

  get isIdle(): boolean {
    return this.requests.isEmpty && this.held === 0;
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
    if (this.greeted) this.out.say({ type: "bye" });
    for (const id of this.requests.dropWaiting()) this.out.sayError(id, "shutdown");
    this.leave();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private hangUp(): void {
    if (this.phase === "closed") return;
    this.phase = "hanging up";
    for (const id of this.requests.dropWaiting()) this.out.sayError(id, "shutdown");
    this.leave();
  }

  /** Goes if nothing is open. */
  private leave(): void {
    if (this.phase === "open" || !this.requests.isEmpty) return;
    const go = () => closeSoon(this.socket, this.parts.clock);
    if (this.phase === "leaving") this.timers.begin("linger", limits.drainMs, go);
    else go();
  }

  /** Takes what a chunk completes. */
  private async takeAll(chunk: Uint8Array): Promise<void> {
    for (const cut of this.splitter.push(chunk)) {
      this.timers.cancel("stall");
      await this.out.room();
      await loopTurn();
      if (this.phase === "closed") return;
      if ("value" in cut) this.take(cut.value);
      else this.hangUp();
    }
  }

  private take(line: Uint8Array): void {
    try {
      const frame = parseClientFrame(parseFrameBytes(line));
      if (this.greeted === (frame.type === "hello")) this.hangUp();
      else this.act(frame, line);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // Whoever says which request it was may go on: the frames themselves are in step.
      if (error.id === undefined) this.hangUp();
      else this.out.sayError(error.id, "bad_frame");
    }
  }

  private act(frame: ClientFrame, line: Uint8Array): void {
    switch (frame.type) {
      case "hello":
        this.greet(frame.version);
        return;
      case "req":
        if (this.phase === "open") this.put(frame, line);
        else this.out.sayError(frame.id, "shutdown");
        return;
      case "cancel":
        this.requests.cancel(frame.id);
        return;
      case "ping":
        this.out.say({ type: "pong" });
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
    this.out.say({ type: "hello", version: clefqVersion, qube, profile, max, inflight });
    if (version !== clefqVersion) this.hangUp();
  }

  private put(frame: RequestFrame, line: Uint8Array): void {
    const { id } = frame;
    const hash = createHash("sha256").update(line).digest("base64");
    const put = this.requests.put({
      ...{ id, hash, bytes: line.buffer.byteLength },
      // A bug has been told by `serve` already.
      serve: (signal) => this.served(frame, hash, signal).catch(() => this.destroy()),
    });
    if (put === "other") this.out.sayError(id, "bad_frame");
    if (put === "full") this.out.sayError(id, "busy");
    // Asked twice at once: there is one answer.
    if (put === "repeated") this.out.say({ type: "ack", id });
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
    if ("code" in reply) this.out.sayError(id, reply.code);
    else this.out.say({ type: "res", id, rpc: reply.rpc });
  }

  private finished(): void {
    this.parts.ended();
    if (this.requests.isEmpty) this.endWhenIdle();
    this.leave();
  }

  /** A frame that was begun has to be completed in time: it takes memory that others need. */
  private beginStall(): void {
    this.timers.begin("stall", limits.qrexecReadMs, () => this.destroy());
  }

  /** What can't be written any more says that nobody reads: the client's end isn't always heard. */
  private pingLater(): void {
    this.timers.set("ping", clefqLimits.pingMs, () => {
      if (this.greeted && this.out.unread === 0) this.out.say({ type: "ping" });
      this.pingLater();
    });
  }

  private endWhenIdle(): void {
    this.timers.set("idle", limits.streamIdleMs, () => this.end());
  }

  private closed(): void {
    this.phase = "closed";
    this.timers.end();
    this.requests.close();
  }
}
