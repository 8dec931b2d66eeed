import type { Socket } from "node:net";

/** What comes out of a socket, chunk by chunk; what was taken too much of is put back. */
export class Chunks {
  private readonly source: AsyncIterator<Uint8Array>;
  private back: Uint8Array | undefined;

  constructor(socket: Socket) {
    // Its end is not the caller's: a client may close its sending half and wait for answers.
    this.source = socket.iterator({ destroyOnReturn: false });
  }

  /** The next chunk, undefined at the end. @throws when the connection fails */
  async next(): Promise<Uint8Array | undefined> {
    const { back } = this;
    this.back = undefined;
    if (back !== undefined && back.length > 0) return back;
    const { done, value } = await this.source.next();
    return done === true ? undefined : value;
  }

  /** Nothing of it is wanted any more: what comes may be thrown away. */
  end(): void {
    void this.source.return?.();
  }

  putBack(chunk: Uint8Array): void {
    this.back = chunk;
  }
}
