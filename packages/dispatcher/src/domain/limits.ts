import { clefqLimits } from "@cleft/protocol/clefq/limits.ts";
import { httpLimits } from "@cleft/protocol/http/limits.ts";

/**
 * Every bound of the dispatcher with its reason. A limit that isn't here doesn't exist, and a limit
 * without a reason can't be changed safely.
 */
export const limits = {
  ...httpLimits,
  /** Requests of one connection that are open at once: who sends more without reading floods. */
  requestsPerConnectionMax: 8,
  /** How long a page's browser may remember a preflight, seconds: a changed list counts soon. */
  preflightSeconds: 600,

  /** Requests that wait for the signer: more connections than this can't be open. */
  waitingMax: 128,
  /** Requests that are with the signer at once, unless it says less. */
  inflightMax: clefqLimits.inflight,
  /** Longest line from the signer, bytes. */
  replyBytesMax: clefqLimits.replyBytesMax,
  /** What is kept of a client program's stderr, bytes: its last words say why it ended. */
  stderrBytesMax: 2 * 1024,
  /** How often a request, or the opening of a stream, is tried again: what lasts isn't chance. */
  retriesMax: 2,
  /** Pause before a retry, ms: drawn anew each time, so that many qubes don't knock together. */
  retryMs: { min: 250, max: 1_000 },
  /** Longest pause between streams that can't be opened, ms: a person waits for it to come back. */
  backOffMsMax: 5_000,
  /** How long a no of dom0 is remembered, ms: whoever asks again at once would ask a person again. */
  deniedMs: 5_000,
  /** How often a stream is asked whether its other end lives, ms, and how often in vain. */
  pingMs: clefqLimits.pingMs,
  pingsMissedMax: 2,
  /** Time without requests after which a stream is closed, ms: before the signer does, at 600,000. */
  idleMs: 540_000,
  /** Time after which a stream is closed when nothing is open, ms: before the signer does, after 8 h. */
  lifeMs: 7.75 * 3_600_000,
  /** Time for the client program to go once its stream was closed, ms. */
  endMs: 2_000,
  /** Longest path of a socket, bytes: Linux has room for 108 with the zero at the end. */
  socketPathBytesMax: 107,
  /** Largest token file, bytes: a token has some dozen letters. */
  tokenBytesMax: 4 * 1024,
  /** Time for a connection to a signer on a plain host, ms. */
  connectMs: 10_000,
  /** Time for a clean shutdown, ms, after which open connections are cut. */
  drainMs: 3_000,
  /** Time for the doctor's call, ms: a vault that is being started takes half a minute. */
  doctorMs: 60_000,
  /** Longest log line, characters: the last words of a client program, and ours of them, fit. */
  loggedCharsMax: 3_000,
} as const;
