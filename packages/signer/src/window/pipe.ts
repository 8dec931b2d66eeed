import type { Readable } from "node:stream";
import { unlessAborted } from "../domain/aborting.ts";
import { Failure } from "../domain/failure.ts";
import type { Secret } from "../domain/secret.ts";
import type { Input } from "./input.ts";
import { LineBuffer } from "./line-buffer.ts";

const newline = 0x0a;

/** Lines from something that isn't a terminal, e.g. `cleft newaccount < password.txt`. */
export class Pipe implements Input {
  readonly isTerminal = false;
  private readonly bytes: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(input: Readable) {
    this.bytes = input.iterator({ destroyOnReturn: false });
  }

  async line({ signal }: { signal: AbortSignal }): Promise<string> {
    return (await this.read(signal)).text().trimEnd();
  }

  async secret(signal: AbortSignal): Promise<Secret> {
    return (await this.read(signal)).secret();
  }

  private async read(signal: AbortSignal): Promise<LineBuffer> {
    const line = new LineBuffer();
    let empty = true;
    for (;;) {
      for (let at = 0; at < this.rest.length; at++) {
        const byte = this.rest[at] ?? 0;
        this.rest[at] = 0;
        empty = false;
        if (byte !== newline) line.add(byte);
        else {
          this.rest = this.rest.subarray(at + 1);
          return line;
        }
      }
      const next = await unlessAborted(signal, this.bytes.next());
      if (next.done === true && empty)
        throw new Failure("aborted", "EOF", { hint: "give the answer on stdin, or a terminal" });
      if (next.done === true) {
        this.rest = Buffer.alloc(0);
        return line;
      }
      this.rest = next.value;
    }
  }
}
