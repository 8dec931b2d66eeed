/**
 * Every bound of the signer with its reason. A limit that isn't here doesn't exist, and a limit
 * without a reason can't be changed safely.
 */
export const limits = {
  /** Largest HTTP body, bytes: Clef's own limit, which fits six blobs with their proofs. */
  bodyBytesMax: 5 * 1024 * 1024,
  /** Largest HTTP head, bytes: Node's default; no client of Clef sends more than a few hundred. */
  headBytesMax: 16 * 1024,
  /** How much of a refused body is read before the connection is closed, bytes: twice a legal one. */
  discardBytesMax: 10 * 1024 * 1024,
  /** Bodies that are held at once in all, bytes: what a machine of 512 MiB can spare. */
  bodiesBytesMax: 32 * 1024 * 1024,
  /** Time for a client to send its head, ms. */
  headReadMs: 5_000,
  /** How often slow clients are looked for, ms. */
  slowClientCheckMs: 1_000,
  /** Time for a client to send its whole request, ms: Clef's read time-out. */
  requestReadMs: 30_000,
  /** Time that an idle keep-alive connection stays open, ms: Clef's idle time-out. */
  keepAliveMs: 120_000,
  /** Connections at once before an idle one has to go: a local dapp needs a handful. */
  connectionsMax: 64,
  /** How often a half-closed connection is asked whether somebody still listens, ms. */
  halfOpenProbeMs: 250,
  /** Requests in one HTTP batch: Clef's limit. */
  batchMax: 1000,
  /**
   * JSON: the deepest honest request, typed data, needs about ten levels; an access list of
   * `accessListMax` has 80,000 values, and each value costs up to 220 bytes.
   */
  json: { depthMax: 64, valuesMax: 100_000 },
  /** Longest id that is echoed, characters: an id is a counter or a uuid. */
  idCharsMax: 128,
  /** Longest key that is quoted back, characters: the longest real one has 24. */
  keyCharsMax: 64,
  /** Unknown fields that are named one by one: more of them are no mistake but noise. */
  ignoredNamedMax: 8,
  /** Longest method name that is quoted back, characters: the longest real one has 24. */
  methodCharsMax: 64,

  /** Longest signature of a method, characters; the longest in use has about 500. */
  signatureCharsMax: 4096,
  /** Nesting of tuples and arrays in a signature: nobody uses more than four. */
  abiDepthMax: 16,
  /** Entries of an access list and storage keys in all: beyond this no block has the gas for it. */
  accessListMax: 20_000,

  /** Longest stranger's text that is kept as a claim (Origin, User-Agent), characters. */
  claimCharsMax: 600,

  /** Questions that wait at once, the shown one included: a person can't weigh more. */
  questionsMax: 16,
  /** Time for a person to answer a question, ms: shorter than the shortest patient client. */
  questionMs: 300_000,
  /** Time for which a question is on the screen before a yes counts, ms: nobody reads faster. */
  armMs: 2_000,
  /** Longest time that an operator may set for `armMs`, ms: five minutes are all there are. */
  armMsMax: 60_000,
  /** Input that is dropped after a new question, ms: keys meant for what was there before. */
  earlyInputMs: 300,
  /** Time between a yes and the signature, ms: sixteen standard derivations on a slow machine. */
  approvedMs: 300_000,
  /** Changes that a window may make to one transaction before it is refused. */
  amendmentsMax: 8,
  /** Largest message from a window, bytes: 2 MiB of calldata are 4 MiB of hex. */
  windowMessageBytesMax: 16 * 1024 * 1024,
  /** Lines of an access list that are shown: it moves no money, and more would hide what does. */
  shownAccessLines: 8,
  /** Calldata that is shown in full, bytes: sixty lines; of more, a person sees a hash. */
  shownDataBytes: 4 + 60 * 32,
  /** Longest value on a screen, characters: a swap's longest honest texts fit. */
  shownCharsMax: 600,
  /** Longest value in a log line, characters. */
  loggedCharsMax: 400,
  /** Log lines held back while a question is on the screen; the rest is counted. */
  heldLinesMax: 1000,

  /** How often the whole screen is looked at while a question is on it, ms: a clock of seconds. */
  screenTickMs: 250,
  /** Time after which an Escape is the key and not the beginning of a sequence, ms. */
  escapeMs: 100,
  /** Decisions that the whole screen remembers: more than it can show; the ledger has them all. */
  shownDecisions: 100,
  /** Log lines that the whole screen remembers, for the same reason. */
  shownLogLines: 200,

  /** Shortest new password, bytes: Clef's rule. */
  passwordBytesMin: 10,
  /** Longest password, bytes: it has to fit a Secret. */
  passwordBytesMax: 4096,
  /** Tries at a new password before an account is not created: Clef's. */
  passwordTries: 3,

  /** Largest key file, bytes: a real one has about 500. */
  keyFileBytesMax: 64 * 1024,
  /** Key files in one directory: each is looked at for every listing. */
  keyFilesMax: 10_000,
  /** Memory times work of one scrypt run, 128·N·r·p bytes: twice the standard strength. */
  scryptCostBytesMax: 512 * 1024 * 1024,
  /** Time for the vault to start or to finish one job, ms: a standard key takes 10 s on ARMv7. */
  vaultJobMs: 120_000,

  /** Longest ledger record, bytes: a listing of `keyFilesMax` accounts fits. */
  ledgerRecordBytesMax: 1024 * 1024,
  /** Time for a clean shutdown, ms, after which open connections are cut. */
  drainMs: 3_000,
} as const;
