import { FrameError, type SignerFrame } from "@cleft/protocol/clefq/frames.ts";
import { clefqVersion } from "@cleft/protocol/clefq/limits.ts";
import { parseReplyBytes, parseSignerFrame } from "@cleft/protocol/clefq/parse.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import { limits } from "../../domain/limits.ts";
import type { Ending } from "./channel.ts";
import { Lines } from "./lines.ts";
import { refusalIn } from "./refusal.ts";

export type SignerHello = Extract<SignerFrame, { type: "hello" }>;

/** Reads what comes on a stream: frames, of which the first, and no other, is a hello of our version. */
export class SignerFrames {
  private readonly lines = new Lines(limits.replyBytesMax);
  private greeting: SignerHello | undefined;

  /** What the signer has said first. */
  get hello(): SignerHello | undefined {
    return this.greeting;
  }

  /** Hands on each frame that a chunk completes; returns why the stream has to be cut, if it has. */
  take(chunk: Uint8Array, each: (frame: SignerFrame) => void): Ending | undefined {
    try {
      for (const line of this.lines.push(chunk)) {
        const untrusted = parseReplyBytes(line);
        const refusal = this.greeting === undefined ? refusalIn(untrusted) : undefined;
        if (refusal !== undefined) return refusal;
        each(this.parse(untrusted));
      }
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof RangeError)) throw error;
      return { kind: "strange", why: error.message };
    }
    return undefined;
  }

  private parse(untrusted: JsonValue): SignerFrame {
    const frame = parseSignerFrame(untrusted);
    if (frame.type === "hello") {
      if (frame.version !== clefqVersion || this.greeting !== undefined) {
        throw new FrameError(`expected one hello of version ${clefqVersion}`);
      }
      this.greeting = frame;
    } else if (this.greeting === undefined) {
      throw new FrameError("expected a hello first");
    }
    return frame;
  }
}
