import type { IncomingMessage } from "node:http";
import { GrowingBytes } from "@cleft/protocol/growing.ts";
import { limits } from "../../domain/limits.ts";

/** What all bodies hold together, bytes. */
export interface Held {
  bytes: number;
}

/** One request's body, bounded by itself and together with all others. */
export class Body {
  private readonly held: Held;
  private readonly bytes = new GrowingBytes();
  private length = 0;

  constructor(held: Held) {
    this.held = held;
  }

  /** Reads all of it, or says why it didn't. */
  async read(request: IncomingMessage): Promise<"whole" | "long" | "crowded"> {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      this.length += chunk.length;
      this.held.bytes += chunk.length;
      if (this.length > limits.bodyBytesMax) return "long";
      if (this.held.bytes > limits.bodiesBytesMax) return "crowded";
      this.bytes.push(chunk);
    }
    return "whole";
  }

  take(): Uint8Array {
    return this.bytes.take();
  }

  /** What was parsed of it may live as long as the request, so it counts until then. */
  release(): void {
    this.held.bytes -= this.length;
    this.length = 0;
  }
}
