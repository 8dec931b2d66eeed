import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { RpcReply } from "./rpc.ts";

/** The other end of the signer's socket. It sends text as it is and collects what comes. */
export class IpcClient {
  readonly socket: Socket;
  private text = "";
  private closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      this.text += chunk;
    });
    socket.on("error", () => undefined);
    for (const event of ["end", "close"]) {
      socket.once(event, () => {
        this.closed = true;
      });
    }
  }

  /** Connects. `listen` is false for a client that never reads. */
  static async open(path: string, { listen = true } = {}): Promise<IpcClient> {
    const socket = connect({ path, allowHalfOpen: true });
    await once(socket, "connect");
    const client = new IpcClient(socket);
    if (!listen) socket.pause();
    return client;
  }

  /** Everything that came so far. */
  get received(): string {
    return this.text;
  }

  /** Whether the signer has closed its half. */
  get isClosed(): boolean {
    return this.closed;
  }

  send(text: string): boolean {
    return this.socket.write(text);
  }

  /** Waits until so many lines have come, and returns all of them, parsed. */
  async replies(count: number): Promise<readonly RpcReply[]> {
    for (let tries = 0; this.lines().length < count; tries++) {
      if (tries > 800) {
        throw new Error(`expected ${count} replies, got: ${this.text.slice(0, 500)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return this.lines().map((line) => JSON.parse(line));
  }

  private lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

/** Sends a text, closes the sending half and returns all that comes: then everything was said. */
export function askIpc(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect({ path, allowHalfOpen: true });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      reply += chunk;
    });
    socket.on("end", () => resolve(reply)).on("error", reject);
    socket.end(text);
  });
}
