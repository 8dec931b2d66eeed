import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Asked, Upstream } from "../upstream.ts";
import type { Call } from "./call.ts";
import { type Ending, failureOf, isGoodbye, mayRetry, type OpenChannel } from "./channel.ts";
import { Pause } from "./pause.ts";
import type { SignerHello } from "./signer-frames.ts";
import { Stream } from "./stream.ts";

/** What the way through qrexec is made of. */
export interface QrexecParts {
  readonly name: string;
  readonly client: string;
  readonly open: OpenChannel;
  readonly clock: Clock;
  /** A number from 0 to 1, drawn anew. */
  readonly random: () => number;
  /** A fresh id, 128 bits in hex. */
  readonly newId: () => string;
  readonly opened: (hello: SignerHello) => void;
}

/**
 * The signer in another qube: one stream for everybody, opened by the first call and opened again
 * when it ended. A call that was acknowledged is never sent twice.
 */
export class Qrexec implements Upstream {
  readonly name: string;
  private readonly parts: QrexecParts;
  private readonly pause: Pause;
  private waiting: Call[] = [];
  private stream: Stream | undefined;
  /** Those on which the signer takes no more, but still answers. */
  private readonly leaving = new Set<Stream>();
  private hasGreeted = false;
  /** Whether anything was taken up or answered on the stream. */
  private hasMoved = false;
  private isClosed = false;

  constructor(parts: QrexecParts) {
    this.name = parts.name;
    this.parts = parts;
    this.pause = new Pause(parts);
  }

  async call({ rpc, claims }: Asked, signal: AbortSignal): Promise<string | undefined> {
    const id = this.parts.newId();
    const frame = encodeClientFrame({ type: "req", id, rpc, claims });
    const bytes = Buffer.byteLength(frame);
    if (bytes > clefqLimits.frameBytesMax) throw new Failure("request.long");
    if (this.isClosed) throw new Failure("dispatcher.stopping");
    if (this.pause.denial !== undefined) throw this.pause.denial;
    if (this.waiting.length >= limits.waitingMax) throw new Failure("queue.full");
    if (signal.aborted) throw new Failure("request.withdrawn");
    return new Promise((resolve, reject) => {
      const settle = (outcome: string | undefined | Failure) =>
        outcome instanceof Failure ? reject(outcome) : resolve(outcome);
      const call: Call = { id, frame, bytes, sent: 0, acked: false, settle };
      signal.addEventListener("abort", () => this.withdraw(call), { once: true });
      this.waiting.push(call);
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.pause.cancel();
    this.failWaiting(new Failure("dispatcher.stopping"));
    const streams = this.streams();
    for (const stream of streams) stream.end();
    await Promise.all(streams.map(({ over }) => over));
  }

  private streams(): readonly Stream[] {
    return this.stream === undefined ? [...this.leaving] : [...this.leaving, this.stream];
  }

  /** Sends what there is room for, over a stream that is there or is opened now. */
  private pump(): void {
    while (this.stream?.hasRoom) {
      const call = this.waiting.shift();
      if (call === undefined) return;
      this.stream.send(call);
    }
    if (this.stream !== undefined || this.waiting.length === 0 || this.isClosed) return;
    if (this.pause.isOver) {
      this.open();
    } else {
      this.pause.wait(() => this.pump());
    }
  }

  private open(): void {
    this.hasGreeted = false;
    this.hasMoved = false;
    const stream: Stream = new Stream(
      this.parts.open(),
      {
        opened: (hello) => this.opened(hello),
        moved: () => this.moved(stream),
        spared: (call) => this.askAgain(call),
        leaving: () => this.leave(stream),
        ended: (ending, open) => this.ended(stream, { ending, open }),
      },
      this.parts,
    );
    this.stream = stream;
  }

  private opened(hello: SignerHello): void {
    this.hasGreeted = true;
    this.parts.opened(hello);
    this.pump();
  }

  private moved(stream: Stream): void {
    if (stream === this.stream) {
      this.hasMoved = true;
      this.pause.reset();
    }
    this.pump();
  }

  /** The next call opens another one. What was of no use to anybody counts as a failure. */
  private leave(stream: Stream): void {
    this.leaving.add(stream);
    if (stream !== this.stream) return;
    this.stream = undefined;
    if (!this.hasMoved) this.stumble(goodbye);
    this.pump();
  }

  private askAgain(call: Call): void {
    if (this.isClosed || call.sent > limits.retriesMax) call.settle(new Failure("said.shutdown"));
    else this.waiting.unshift(call);
    this.pump();
  }

  private ended(
    stream: Stream,
    { ending, open }: { readonly ending: Ending; readonly open: readonly Call[] },
  ): void {
    const hasLeft = this.leaving.delete(stream);
    if (!hasLeft) this.stream = undefined;
    // They came first, and they come first.
    this.waiting.unshift(...open.filter((call) => !this.fail(call, ending)));
    // The signer closes a stream that is idle, or old: no failure.
    const isFine = isGoodbye(ending) && this.hasGreeted && open.length === 0;
    if (!hasLeft && !isFine) this.stumble(ending);
    this.pump();
  }

  /** Waits before the next stream; after too many that were of no use, whoever waits is told. */
  private stumble(ending: Ending): void {
    this.pause.after(ending);
    if (!this.hasMoved && !this.pause.mayGoOn(ending)) this.failWaiting(failureOf(ending));
  }

  /** Ends a call that was sent, unless it may be sent again. */
  private fail(call: Call, ending: Ending): boolean {
    const mayAgain = !call.acked && mayRetry(ending) && call.sent <= limits.retriesMax;
    if (mayAgain && !this.isClosed) return false;
    const failure = failureOf(ending);
    call.settle(call.acked ? new Failure("outcome.unknown", failure.message) : failure);
    return true;
  }

  private failWaiting(failure: Failure): void {
    const { waiting } = this;
    this.waiting = [];
    for (const call of waiting) call.settle(failure);
  }

  private withdraw(call: Call): void {
    this.waiting = this.waiting.filter((other) => other !== call);
    for (const stream of this.streams()) stream.cancel(call.id);
    call.settle(new Failure("request.withdrawn"));
    this.pump();
  }
}

/** As if the signer had closed it. */
const goodbye: Ending = { kind: "exit", code: 0, stderr: "it says bye" };
