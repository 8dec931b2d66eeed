import { fitsReply } from "@cleft/protocol/clefq/encode.ts";
import type { ClefqError } from "@cleft/protocol/clefq/frames.ts";
import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** What a frame is answered. */
export type FrameReply = { readonly rpc: string | undefined } | { readonly code: ClefqError };

/** A frame: who sent it under which id, and the hash of all that it says. */
export interface FrameName {
  readonly caller: string;
  readonly id: string;
  readonly hash: string;
}

interface Known {
  readonly hash: string;
  readonly at: number;
  /** Undefined for what was withdrawn before anything was recorded: it may be asked again. */
  readonly reply: Promise<FrameReply | undefined>;
  /** Characters of the reply, once it is there. */
  readonly chars: number | undefined;
}

/**
 * Remembers each caller's frames for a while: a client that lost its connection asks again under the
 * same id, and gets the same answer, never a second question or a second signature. What it forgot,
 * or what was before a restart, the ledger still knows (`recorded`).
 */
export class FrameMemory {
  private readonly clock: Clock;
  private readonly recorded: (caller: string, id: string) => boolean;
  private readonly callers = new Map<string, CallerFrames>();

  /** `recorded` tells whether the ledger has an intent for a frame. */
  constructor(parts: { clock: Clock; recorded: (caller: string, id: string) => boolean }) {
    this.clock = parts.clock;
    this.recorded = parts.recorded;
  }

  /** Serves a frame unless it was served. `signal` is aborted once its caller has gone. */
  async once(
    name: FrameName,
    signal: AbortSignal,
    serve: () => Promise<string | undefined>,
  ): Promise<FrameReply> {
    const { caller, id, hash } = name;
    const frames = this.framesOf(caller);
    for (let known = frames.get(id); known !== undefined; known = frames.get(id)) {
      if (known.hash !== hash) return { code: "bad_frame" };
      const reply = await known.reply;
      if (reply !== undefined) return reply;
    }
    if (this.recorded(caller, id)) return { code: "unknown" };
    const isWithdrawn = () => signal.aborted && !this.recorded(caller, id);
    const served = serve().then((rpc) => this.fitting(name, rpc));
    const reply = served.then((given) => (isWithdrawn() ? undefined : given));
    // A bug is thrown below, and ends the signer.
    reply.catch(() => undefined);
    const known = { hash, at: this.clock.elapsed(), reply, chars: undefined };
    frames.set(id, known);
    const given = await served;
    if (isWithdrawn()) frames.delete(id);
    else {
      const chars = "rpc" in given ? (given.rpc?.length ?? 0) : 0;
      // It counts from its answer: a person may have taken longer than it is remembered.
      frames.delete(id);
      frames.set(id, { ...known, at: this.clock.elapsed(), chars });
    }
    frames.prune(this.clock.elapsed());
    return given;
  }

  /** The reply, or why it isn't given: the client couldn't read it, nor anything behind it. */
  private fitting({ caller, id }: FrameName, rpc: string | undefined): FrameReply {
    if (rpc === undefined || fitsReply(rpc)) return { rpc };
    return { code: this.recorded(caller, id) ? "unknown" : "too_large" };
  }

  /** Those of one caller; the caller who asked longest ago is forgotten for a new one. */
  private framesOf(caller: string): CallerFrames {
    const frames = this.callers.get(caller) ?? new CallerFrames();
    this.callers.delete(caller);
    this.callers.set(caller, frames);
    if (this.callers.size <= limits.framesCallersMax) return frames;
    for (const [oldest, { isAsking }] of this.callers) {
      // What is under way would be served twice.
      if (isAsking) continue;
      this.callers.delete(oldest);
      break;
    }
    return frames;
  }
}

/** The frames of one caller, the oldest first. */
class CallerFrames {
  private readonly byId = new Map<string, Known>();
  private chars = 0;

  /** Whether one of them isn't answered yet. */
  get isAsking(): boolean {
    return [...this.byId.values()].some(({ chars }) => chars === undefined);
  }

  get(id: string): Known | undefined {
    return this.byId.get(id);
  }

  /** Puts it in, or another one in its place. */
  set(id: string, known: Known): void {
    this.chars += (known.chars ?? 0) - (this.byId.get(id)?.chars ?? 0);
    this.byId.set(id, known);
  }

  delete(id: string): void {
    this.chars -= this.byId.get(id)?.chars ?? 0;
    this.byId.delete(id);
  }

  /** Forgets what is too old or too much. What is under way stays. */
  prune(now: number): void {
    for (const [id, known] of this.byId) {
      if (known.chars === undefined) continue;
      const isOld = now - known.at > limits.framesRememberedMs;
      if (isOld || this.byId.size > limits.framesRemembered) this.delete(id);
      else if (this.chars > limits.framesReplyCharsMax) this.set(id, givenOnly(known));
      else break;
    }
  }
}

/** Of a long reply it is remembered that it was given. */
function givenOnly({ hash, at }: Known): Known {
  return { hash, at, reply: Promise.resolve({ code: "unknown" }), chars: 0 };
}
