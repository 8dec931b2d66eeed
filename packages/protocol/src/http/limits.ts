/**
 * Bounds of every HTTP door of ours, the signer's and the dispatcher's, each with its reason: what one
 * of them takes, the other one behind it must take too.
 */
export const httpLimits = {
  /** Largest body, bytes: Clef's limit, which fits six blobs with proofs. */
  bodyBytesMax: 5 * 1024 * 1024,
  /** Largest head, bytes: Node's default; no client of Clef sends more than a few hundred. */
  headBytesMax: 16 * 1024,
  /** How much of a refused body is read before the connection is closed, bytes: twice a legal one. */
  discardBytesMax: 10 * 1024 * 1024,
  /** What one way in holds of its callers at once, bytes: what a machine of 512 MiB can spare. */
  bodiesBytesMax: 32 * 1024 * 1024,
  /** Time for a client to send its head, ms. */
  headReadMs: 5_000,
  /** How often slow clients are looked for, ms. */
  slowClientCheckMs: 1_000,
  /** Time for a client to send its whole request or message, ms: Clef's read time-out. */
  requestReadMs: 30_000,
  /** Time that an idle keep-alive connection stays open, ms: Clef's idle time-out. */
  keepAliveMs: 120_000,
  /** Connections at once before an idle one has to go: a local dapp needs a handful. */
  connectionsMax: 64,
  /** How often it is looked whether a caller whose hanging up can't be heard still listens, ms. */
  halfOpenProbeMs: 250,
  /** Requests in one batch: Clef's limit. */
  batchMax: 1000,
  /** Longest id that is echoed, characters: an id is a counter or a uuid. */
  idCharsMax: 128,
  /**
   * JSON of a body: the deepest honest request, typed data, needs about ten levels; the longest
   * access list that is taken has 27,000 values, and a batch of a thousand transactions 20,000. Each
   * value costs up to 220 bytes, and half a microsecond in which nobody else is served.
   */
  json: { depthMax: 64, valuesMax: 60_000 },
} as const;
