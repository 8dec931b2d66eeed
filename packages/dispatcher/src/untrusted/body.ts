import type { IncomingMessage } from "node:http";
import { GrowingBytes } from "@cleft/protocol/growing.ts";
import { limits } from "../domain/limits.ts";

/** One request's body, bounded by itself and together with all others. */
export class Body {
  private readonly request: IncomingMessage;
  private readonly all: Set<Body>;
  private readonly bytes = new GrowingBytes();
  private length = 0;

  /** `all` are those that are read or served; it is one of them until it is released. */
  constructor(request: IncomingMessage, all: Set<Body>) {
    this.request = request;
    this.all = all;
    all.add(this);
  }

  get held(): number {
    return Math.max(this.length, this.bytes.capacity);
  }

  /** Reads all of it, or says why it didn't. The longest one has to go where all are too long. */
  async read(): Promise<"whole" | "long" | "crowded"> {
    for await (const chunk of this.request.iterator({ destroyOnReturn: false })) {
      this.length += chunk.length;
      if (this.length > limits.bodyBytesMax) return "long";
      this.bytes.push(chunk);
      const heaviest = overweight(this.all);
      if (heaviest === this) return "crowded";
      heaviest?.request.destroy();
    }
    return "whole";
  }

  take(): Uint8Array {
    return this.bytes.take();
  }

  /** What was parsed of it may live as long as the request, so it counts until then. */
  release(): void {
    this.all.delete(this);
  }
}

/** Whoever only came last may be honest, so the heaviest goes; undefined while there is room. */
function overweight(bodies: Iterable<Body>): Body | undefined {
  let total = 0;
  let heaviest: Body | undefined;
  for (const body of bodies) {
    total += body.held;
    if (body.held > (heaviest?.held ?? -1)) heaviest = body;
  }
  return total > limits.bodiesBytesMax ? heaviest : undefined;
}
