import { httpLimits } from "../http/limits.ts";

const { depthMax, valuesMax } = httpLimits.json;

/** The version that both sides say in their hello. */
export const clefqVersion = 1;

export const clefqLimits = {
  /** Longest frame of a client, bytes: as long as an HTTP body. */
  frameBytesMax: httpLimits.bodyBytesMax,
  /** Longest frame of the signer, bytes: the replies of the longest batch fit. */
  replyBytesMax: 32 * 1024 * 1024,
  /** Longest claim, characters: no browser sends a longer Origin, no library a longer User-Agent. */
  claimCharsMax: 256,
  /** Longest name of a client, characters: `name/x.y`. */
  clientCharsMax: 64,
  /** Requests that are served at once; a client keeps the others back. */
  inflight: 16,
  /** How often each side asks whether the other one still listens, ms. */
  pingMs: 30_000,
  /** JSON: a body's own bounds and the frame around it. */
  json: { depthMax: depthMax + 1, valuesMax: valuesMax + 16 },
  /** Of a reply: after as many values as a body has no more of a batch is run, and one answer is no longer. */
  replyJson: { depthMax: depthMax + 1, valuesMax: 2 * valuesMax + 16 },
  /** What a reply's frame has around it, bytes and values. */
  replyFrame: { bytes: 64, values: 4 },
} as const;
