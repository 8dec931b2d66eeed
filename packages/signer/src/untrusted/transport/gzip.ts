import { gzipSync } from "node:zlib";
import { limits } from "../../domain/limits.ts";

/**
 * A reply as it goes out: compressed if the client takes that and it is worth it. Errors of the
 * transport and what could not be parsed go out as they are, as in Clef, whose other replies all
 * end with a newline.
 */
export function compressed(
  reply: string,
  untrustedAccepted: string | readonly string[] | undefined,
): { readonly body: string | Uint8Array; readonly encoding: "gzip" | undefined } {
  const isPlain = !reply.endsWith("\n") || reply.length > limits.gzipCharsMax;
  if (isPlain || !takesGzip(String(untrustedAccepted ?? ""))) {
    return { body: reply, encoding: undefined };
  }
  return { body: gzipSync(reply), encoding: "gzip" };
}

/** Whether a header lists gzip, and not with weight 0. */
function takesGzip(accepted: string): boolean {
  return accepted
    .slice(0, limits.claimCharsMax)
    .split(",")
    .some((coding) => {
      const [name = "", ...parameters] = coding.toLowerCase().split(";");
      return name.trim() === "gzip" && !parameters.some((one) => /^\s*q=0(\.0*)?\s*$/.test(one));
    });
}
