import type { IncomingMessage } from "node:http";
import { GrowingBytes } from "../growing.ts";
import { type Holder, overweight } from "../overweight.ts";
import { httpLimits } from "./limits.ts";

/** One request's body, bounded by itself and together with all others. */
export class Body implements Holder {
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

  /** Reads all of it, or says why it didn't. */
  async read(): Promise<"whole" | "long" | "crowded"> {
    for await (const chunk of this.request.iterator({ destroyOnReturn: false })) {
      this.length += chunk.length;
      if (this.length > httpLimits.bodyBytesMax) return "long";
      this.bytes.push(chunk);
      const heaviest = overweight(this.all, httpLimits.bodiesBytesMax);
      if (heaviest === this) return "crowded";
      // It may have been read and wait for a person: only its connection can still be taken away.
      heaviest?.request.socket.destroy();
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
