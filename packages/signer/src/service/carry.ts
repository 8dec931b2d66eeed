import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../domain/clock.ts";
import { probeHangUp } from "../domain/hang-up.ts";

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
export function carry(
  { input, output, signer }: Ends,
  clock: Pick<Clock, "after">,
): Promise<0 | 1> {
  return new Promise((resolve) => {
    const gone = () => {
      signer.destroy();
      resolve(1);
    };
    const closed = () => output.write("", () => resolve(0));
    input.on("error", gone);
    output.on("error", gone);
    // A caller whose bytes have ended can die unheard.
    input.once("end", () => probeHangUp(output, clock));
    // A signer that closes with bytes unread resets the connection; it has closed all the same.
    signer.on("error", () => undefined);
    signer.once("end", closed).once("close", closed);
    input.pipe(signer);
    signer.pipe(output, { end: false });
  });
}
