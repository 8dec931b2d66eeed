import type { Socket } from "node:net";
import { encodeSignerFrame } from "@cleft/protocol/clefq/encode.ts";
import type { ClefqError, SignerFrame } from "@cleft/protocol/clefq/frames.ts";
import { limits } from "../../domain/limits.ts";

/** What is said on a dispatcher's stream, as far as the other end still reads. */
export class FramesOut {
  private readonly socket: Socket;
  private readonly grew: () => void;
  private wake = () => {};

  /** `grew` is told after each frame. */
  constructor(socket: Socket, grew: () => void) {
    this.socket = socket;
    this.grew = grew;
    for (const event of ["drain", "close"]) socket.on(event, () => this.wake());
  }

  /** How many bytes weren't taken yet. */
  get unread(): number {
    return this.socket.writableLength;
  }

  /** Says a frame, unless nobody can hear it any more. */
  say(frame: SignerFrame): void {
    if (!this.socket.writable) return;
    this.socket.write(encodeSignerFrame(frame));
    this.grew();
  }

  sayError(id: string, code: ClefqError): void {
    this.say({ type: "err", id, code });
  }

  /** Waits while too many answers lie unread: then nothing more is to be read either. */
  async room(): Promise<void> {
    while (this.unread > limits.unreadBytesMax && !this.socket.destroyed) {
      await new Promise<void>((wake) => {
        this.wake = wake;
      });
    }
  }
}
