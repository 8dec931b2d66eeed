import type { Socket } from "node:net";

/** What client and agent say to each other in one call; data without bytes is the end of a stream. */
const kinds = [
  /** client: the call, as JSON */
  "call",
  /** agent: it may go on; until then the client's stdin is not touched */
  "accepted",
  /** client: what the service reads */
  "input",
  /** agent: what the service wrote */
  "output",
  /** agent: what the service wrote to stderr, as it is */
  "error",
  /** both: so many bytes of a stream were taken */
  "credit",
  /** agent: the exit code, as a number */
  "exit",
  /** agent: a line of the client's own logging */
  "log",
] as const;

export type Kind = (typeof kinds)[number];

/** What a client asks of its agent. */
export interface Asked {
  readonly target: string;
  readonly service: string;
  /** Only a relay of remote qubes may say it, and there is none here. */
  readonly sourceQube?: string;
}

const headBytes = 5;

/** A connection between a client and its agent. */
export class Channel {
  readonly socket: Socket;
  private pending: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, take: (kind: Kind, bytes: Buffer) => void) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
      for (let next = this.next(); next !== undefined; next = this.next()) take(...next);
    });
  }

  send(kind: Kind, bytes: Uint8Array = new Uint8Array()): void {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    const frame = Buffer.allocUnsafe(headBytes + bytes.length);
    frame.writeUInt8(kinds.indexOf(kind), 0);
    frame.writeUInt32BE(bytes.length, 1);
    frame.set(bytes, headBytes);
    this.socket.write(frame);
  }

  sendNumber(kind: Kind, count: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(count);
    this.send(kind, bytes);
  }

  sendText(kind: Kind, text: string): void {
    this.send(kind, Buffer.from(text));
  }

  private next(): [Kind, Buffer] | undefined {
    if (this.pending.length < headBytes) return undefined;
    const end = headBytes + this.pending.readUInt32BE(1);
    if (this.pending.length < end) return undefined;
    const kind = kinds[this.pending.readUInt8(0)];
    if (kind === undefined) throw new Error("no such frame");
    const bytes = this.pending.subarray(headBytes, end);
    this.pending = this.pending.subarray(end);
    return [kind, bytes];
  }
}
