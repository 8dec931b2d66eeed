import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { limits } from "../domain/limits.ts";

/** A call's two ends here: qrexec, which the caller is behind, and the signer. */
export interface Ends {
  readonly input: Readable;
  readonly output: Writable;
  readonly signer: Socket;
}

/**
 * Carries bytes both ways, no faster than each end takes them, until the signer closes: 0. The end of
 * the caller's bytes is passed on. 1 if the caller went before: then the signer's end is closed.
 */
export function carry({ input, output, signer }: Ends): Promise<0 | 1> {
  return new Promise((resolve) => {
    const gone = () => {
      signer.destroy();
      resolve(1);
    };
    const closed = () => output.write("", () => resolve(0));
    input.on("error", gone);
    output.on("error", gone);
    input.once("end", () => probe(output));
    // A signer that closes with bytes unread resets the connection; it has closed all the same.
    signer.on("error", () => undefined);
    signer.once("end", closed).once("close", closed);
    input.pipe(signer);
    signer.pipe(output, { end: false });
  });
}

/**
 * A caller whose bytes have ended can die unheard. To send nothing says it, because Linux refuses
 * even that to a closed socket; `error` follows.
 */
function probe(output: Writable): void {
  setInterval(() => {
    if (output.writable && output.writableLength === 0) output.write("");
  }, limits.halfOpenProbeMs).unref();
}
