import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { Secret } from "../../domain/secret.ts";
import { type ControlRequest, parseControlRequest } from "./control-protocol.ts";

/** What a client said: its line, and the secret behind it, empty if there is none. */
export interface Heard {
  readonly request: ControlRequest;
  readonly secret: Secret;
}

/**
 * A line, and as many bytes behind it as it says, or why it is none. What was read is wiped, the
 * chunks themselves included: a password may be in them.
 */
export async function readControlRequest(chunks: AsyncIterable<Buffer>): Promise<Heard | Failure> {
  const whole = Buffer.alloc(limits.controlBytesMax);
  let length = 0;
  try {
    for await (const chunk of chunks) {
      const copied = chunk.copy(whole, length);
      const isTooLong = copied < chunk.length;
      chunk.fill(0);
      if (isTooLong) return refusal(`expected at most ${limits.controlBytesMax} bytes`);
      length += copied;
      const heard = takeRequest(whole.subarray(0, length));
      if (heard !== undefined) return heard;
    }
    return refusal("expected a whole request");
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  } finally {
    whole.fill(0);
  }
}

/** The request, once all of it is there. @throws Failure `control.failed` */
function takeRequest(bytes: Buffer): Heard | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return undefined;
  const request = parseControlRequest(bytes.subarray(0, end));
  const secret = bytes.subarray(end + 1);
  const wanted = "secretBytes" in request ? request.secretBytes : 0;
  return secret.length < wanted
    ? undefined
    : { request, secret: Secret.taking(secret.subarray(0, wanted)) };
}

function refusal(message: string): Failure {
  return new Failure("control.failed", message);
}
