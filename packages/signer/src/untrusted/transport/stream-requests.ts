import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/** A request that was read from a stream. */
export interface StreamRequest {
  readonly id: string;
  /** Over all that it says. */
  readonly hash: string;
  /** What it takes of the memory, bytes. */
  readonly bytes: number;
  /** Serves it. `signal` is aborted once nobody waits for it. */
  readonly serve: (signal: AbortSignal) => Promise<void>;
}

/** What became of a request that was put in. */
export type Put = "begun" | "waiting" | "repeated" | "other" | "full";

/**
 * The requests of one stream. A client is told how many are served at once; a few more wait, so that
 * the stream is read on and a cancelled one is heard of.
 */
export class StreamRequests {
  private readonly open = new Map<string, { request: StreamRequest; gone: AbortController }>();
  private readonly waiting = new Map<string, StreamRequest>();
  private readonly events: { readonly begin: (id: string) => void; readonly finish: () => void };
  private held = 0;
  private closed = false;

  /** `begin` is called before one is served, `finish` after. */
  constructor(events: { readonly begin: (id: string) => void; readonly finish: () => void }) {
    this.events = events;
  }

  get isEmpty(): boolean {
    return this.open.size === 0 && this.waiting.size === 0;
  }

  /** What they take of the memory, bytes. */
  get bytes(): number {
    return this.held;
  }

  put(request: StreamRequest): Put {
    const known = this.open.get(request.id)?.request ?? this.waiting.get(request.id);
    if (known !== undefined) return known.hash === request.hash ? "repeated" : "other";
    if (this.waiting.size >= limits.streamWaitingMax) return "full";
    this.held += request.bytes;
    if (this.open.size >= clefqLimits.inflight) {
      this.waiting.set(request.id, request);
      return "waiting";
    }
    this.begin(request);
    return "begun";
  }

  /** Nobody waits for it any more. */
  cancel(id: string): void {
    const request = this.waiting.get(id);
    if (request !== undefined) this.forget(request);
    this.open.get(id)?.gone.abort(hungUp());
  }

  /** Those that wait, which are served no more. */
  dropWaiting(): readonly string[] {
    const dropped = [...this.waiting.values()];
    for (const request of dropped) this.forget(request);
    return dropped.map(({ id }) => id);
  }

  /** The caller has gone: nothing is served for it any more. */
  close(): void {
    this.closed = true;
    this.dropWaiting();
    for (const { gone } of this.open.values()) gone.abort(hungUp());
  }

  private begin(request: StreamRequest): void {
    const gone = new AbortController();
    this.open.set(request.id, { request, gone });
    this.events.begin(request.id);
    void request.serve(gone.signal).finally(() => {
      this.open.delete(request.id);
      this.held -= request.bytes;
      this.next();
      this.events.finish();
    });
  }

  private next(): void {
    const [first] = this.waiting.values();
    if (first === undefined || this.closed) return;
    this.waiting.delete(first.id);
    this.begin(first);
  }

  private forget({ id, bytes }: StreamRequest): void {
    this.waiting.delete(id);
    this.held -= bytes;
  }
}

function hungUp(): Failure {
  return new Failure("request.withdrawn", "the caller hung up");
}
