import { httpLimits } from "@cleft/protocol/http/limits.ts";

/**
 * Every bound of the signer with its reason. A limit that isn't here doesn't exist, and a limit
 * without a reason can't be changed safely.
 */
export const limits = {
  ...httpLimits,
  /** Replies of one batch together, characters, after which no more of it is run: Clef's limit. */
  batchReplyCharsMax: 25_000_000,
  /**
   * The same for qubes, and values of JSON: with one more answer, a signature of the longest request,
   * all of it still fits into a frame (`clefqLimits`).
   */
  qubeBatchReplyCharsMax: 16 * 1024 * 1024,
  qubeBatchReplyValuesMax: 60_000,
  /** From so many bytes on a body is read, understood and served in turns of their own, with others in between. */
  longBodyBytes: 64 * 1024,
  /** Longest reply that is compressed, characters: longer ones would hold up everybody else. */
  gzipCharsMax: 64 * 1024,
  /** Requests of one IPC connection that are served at once; all that one caller may have at the window fit. */
  requestsPerConnectionMax: 16,
  /** Answers that an IPC client hasn't read yet, bytes, before no more of its requests are. */
  unreadBytesMax: 256 * 1024,
  /** Longest path of a socket, bytes: Linux has room for 108 with the zero at the end. */
  socketPathBytesMax: 107,
  /** Longest key that is quoted back, characters: the longest real one has 24. */
  keyCharsMax: 64,
  /** Unknown fields that are named one by one: more of them are no mistake but noise. */
  ignoredNamedMax: 8,
  /** Longest text in a request to the control socket, characters: a caller's name is the longest. */
  controlTextCharsMax: 128,
  /** Longest method name that is quoted back, characters: the longest real one has 24. */
  methodCharsMax: 64,

  /** Longest text that is signed, bytes: nobody reads as much, and each byte is copied ten times. */
  textBytesMax: 128 * 1024,
  /** Longest header of a Clique block, bytes: one with the list of three hundred sealers fits. */
  headerBytesMax: 8 * 1024,
  /** Types of one typed message (EIP-712): the largest protocols have about twenty. */
  typedTypesMax: 64,
  /** Members of all its types together: the same, with twenty fields each. */
  typedMembersMax: 512,
  /** Longest name of a type or a member, characters: the longest in use have about forty. */
  typedNameCharsMax: 80,
  /** Longest type of a member, characters: a bulk order has 24 dimensions behind its name. */
  typedTypeCharsMax: 256,
  /** Structs and arrays inside each other: a bulk order has 24 levels, recursive types must end. */
  typedDepthMax: 32,
  /** Paths in front of its values, characters of all: each is a label on the screen, and a permit has 300. */
  typedPathCharsMax: 64 * 1024,
  /** Values of one typed message, each at least a line on the screen: nobody reads as many. */
  typedValuesMax: 2048,
  /** Headers whose numbers are remembered of each account: hours of blocks; older ones are final. */
  headersRemembered: 1024,
  /** Longest content type, characters: the longest real one has 30. */
  contentTypeCharsMax: 255,
  /** Longest signature of a method, characters; the longest in use has about 500. */
  signatureCharsMax: 4096,
  /** Nesting of tuples and arrays in a signature: nobody uses more than four. */
  abiDepthMax: 16,
  /** Values of one call, as of one typed message: nobody reads more, and each is written out. */
  abiValuesMax: 2048,
  /** Signatures that are hashed to find one, bytes of them: the fullest shelf has a tenth. */
  methodShelfBytesMax: 16 * 1024,
  /** Calldata, bytes: twice what a node of the network takes, and each byte holds up everybody else. */
  dataBytesMax: 256 * 1024,
  /** Entries of an access list and storage keys in all: the gas of one transaction (EIP-7825) pays for fewer. */
  accessListMax: 8_900,
  /** Blobs of one transaction: networks relay no more, and Clef's body limit holds as many. */
  blobsMax: 6,
  /** Blobs of a request whose proofs are computed unless it is configured: each takes seconds. */
  blobComputeMax: 2,
  /** Time for one transaction's blobs, ms: two that are computed take 12 s on a desktop, 100 s on ARMv7. */
  kzgJobMs: 120_000,
  /** Transactions whose blobs are worked on or wait for it, half of them one caller's: each is waited for. */
  kzgJobsMax: 6,
  /** Memory of the thread that does it, MiB: three times what six blobs with cell proofs take. */
  kzgMemoryMib: 512,
  /** Authorizations in one set-code transaction: each is read by a person, line by line. */
  authorizationsMax: 16,

  /** Longest stranger's text that is kept as a claim (Origin, User-Agent), characters. */
  claimCharsMax: 600,

  /** Calls of one qube at once: a dispatcher needs one, a few one-shot calls fit beside it. */
  qubeCallsMax: 8,
  /** Calls of all qubes at once: four busy ones. */
  qrexecCallsMax: 32,
  /**
   * Connections from qrexec at once, those included that are being turned away: it holds at most 128
   * of each qube, and one qube's must not shut the others out.
   */
  qrexecConnectionsMax: 1024,
  /** Time for qrexec to say who calls, ms: it writes that before anything else. */
  descriptorMs: 5_000,
  /** Time for a qube to complete a frame or a one-shot request, ms. */
  qrexecReadMs: 10_000,
  /** Time after which a stream without open requests ends, ms: the next request opens another. */
  streamIdleMs: 10 * 60_000,
  /** Longest life of a stream, ms: a running one outlives a change of dom0's policy. */
  streamLifeMs: 8 * 3_600_000,
  /** Refused requests of one caller that are told one by one, and in how long, ms. */
  refusalLinesMax: 40,
  refusalLinesMs: 10_000,
  /** Requests of a stream that wait for a place; a dispatcher that cancels is ahead by a few. */
  streamWaitingMax: 32,
  /** Requests in one batch of a qube: each may be a question to a person. */
  qubeBatchMax: 100,
  /** Rules for qubes in cleft.toml: nobody has more qubes, and the file has an end. */
  qubeRulesMax: 256,
  /** How often a qube may ask a person unless its rule says otherwise: one who reads needs a minute. */
  qubeRate: { count: 60, perMs: 3_600_000 },
  /** Longest time of a rate, ms: a day. */
  rateMsMax: 86_400_000,
  /** Time for which a person's no holds for the same question of the same qube, ms. */
  noRememberedMs: 30_000,
  /** Ids of frames that are remembered of each caller, and for how long, ms: clients retry at once. */
  framesRemembered: 1_000,
  framesRememberedMs: 10 * 60_000,
  /** Callers whose ids are remembered: more qubes than that nobody has. */
  framesCallersMax: 64,
  /** Replies that are remembered of each caller, characters; of older ones only that they were given. */
  framesReplyCharsMax: 1024 * 1024,

  /**
   * Questions that wait at once, the shown one included: a person can't weigh more. One caller
   * gets half of them at most (`Queue`).
   */
  questionsMax: 20,
  /** Time to answer a question unless it is configured, ms: most clients wait less. */
  questionMs: 300_000,
  /**
   * What `approval_timeout` may be, ms: nobody reads and answers in less than ten seconds, and
   * yesterday's question is nobody's any more.
   */
  approvalMs: { min: 10_000, max: 24 * 3_600_000 },
  /** Longest `listing_ttl`, ms: what was said a week ago is forgotten by who said it. */
  listingTtlMsMax: 7 * 24 * 3_600_000,
  /** Time for which a question is on the screen before a yes counts, ms: nobody reads faster. */
  armMs: 2_000,
  /** Longest time that an operator may set for `armMs`, ms: longer, nobody waits. */
  armMsMax: 60_000,
  /** Input that is dropped after a new question, ms: keys meant for what was there before. */
  earlyInputMs: 300,
  /** After a key that means nothing, ms, an approval isn't meant either: a text is being typed. */
  quietMs: 1_000,
  /** After the key that approves, ms: it may be held down, and is repeated after at most two seconds. */
  heldMs: 2_500,
  /** Time between a yes and the signature, ms: sixteen standard derivations on a slow machine. */
  approvedMs: 300_000,
  /** Time for which a person's answer to a listing holds for its caller, ms: a working day. */
  listingTtlMs: 8 * 3_600_000,
  /** Callers whose listing is remembered; more of them only mean one question more. */
  listingsRemembered: 64,
  /** Changes that a window may make to one transaction before it is refused. */
  amendmentsMax: 8,
  /** Chains that may be signed for: a Safe's approval that names none is hashed for each. */
  chainsMax: 64,
  /** Largest message from a window, bytes: six blobs are 1.6 MiB of hex, and it may write them as it likes. */
  windowMessageBytesMax: 16 * 1024 * 1024,
  /** Lines of an access list that are shown: it moves no money, and more would hide what does. */
  shownAccessLines: 8,
  /** Longest text of a stranger in a headline, characters: a number of 256 bits fits; below stands all. */
  headlineCharsMax: 80,
  /** Lines of a text message, or of a call's arguments, that are shown: ten screens; nobody reads more. */
  shownTextLines: 240,
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
  /** Time in which new log lines become one picture, ms: faster, nobody reads. */
  shownLogMs: 50,
  /** Log lines that the whole screen remembers, for the same reason. */
  shownLogLines: 200,

  /** Shortest new password, bytes: Clef's rule. */
  passwordBytesMin: 10,
  /** Longest password, bytes: it has to fit a Secret. */
  passwordBytesMax: 4096,
  /** Tries at a new password before an account is not created: Clef's. */
  passwordTries: 3,

  /** Tries that a person has at the password of one signature: two slips are forgiven. */
  signingTries: 3,

  /** Tries that a person has at the `ok` of the boot warning: as at a password. */
  bootWarningTries: 3,

  /** Tries that a person has at the password of a key that is changed or copied: as at a signature. */
  currentPasswordTries: 3,

  /** Largest key file, bytes: a real one has about 500. */
  keyFileBytesMax: 64 * 1024,
  /** Key files in one directory: each is looked at for every listing. */
  keyFilesMax: 10_000,
  /** Files that one listing of the keystore skips by name: more of them are no mistake but junk. */
  skippedNamedMax: 8,
  /** Longest path that is shown or recorded, characters: Linux has no longer ones. */
  pathCharsMax: 4096,
  /** Longest label of an account, characters: it has to fit a line beside the address. */
  labelCharsMax: 64,
  /** Largest file of labels, bytes: `keyFilesMax` of them fit. */
  labelsBytesMax: 4 * 1024 * 1024,
  /** Memory times work of one scrypt run, 128·N·r·p bytes: twice the standard strength. */
  scryptCostBytesMax: 512 * 1024 * 1024,
  /** Accounts that are unlocked at once: each holds a key in memory. */
  grantsMax: 32,
  /** Longest time for which an account can be unlocked, ms: a day; whoever needs more says so daily. */
  unlockMsMax: 24 * 3_600_000,
  /** Most signatures that one unlocking gives. */
  unlockUsesMax: 1_000_000,
  /** What `cleft unlock` gives unless it is told otherwise, ms and signatures. */
  unlockMsDefault: 15 * 60_000,
  unlockUsesDefault: 100,
  /** Largest message on the control socket, bytes: a password and a line. */
  controlBytesMax: 16 * 1024,
  /** Connections to the control socket at once: a person has one. */
  controlConnectionsMax: 8,
  /** Time for a control client to say what it wants, ms. */
  controlReadMs: 5_000,
  /** Time for the signer to answer a command, ms: what takes long is an unlock, a job of the vault. */
  controlAnswerMs: 130_000,
  /** Most iterations of PBKDF2: 2 s on a desktop, up to a minute on ARMv7; a job may take two. */
  pbkdf2IterationsMax: 10_000_000,
  /** Memory of a scrypt that isn't called weak, bytes: RFC 7914's interactive example, n=2^14. */
  scryptStrongBytes: 128 * 2 ** 14 * 8,
  /** Iterations of a PBKDF2 that isn't called weak: OWASP's advice of 2023 for HMAC-SHA256. */
  pbkdf2StrongIterations: 600_000,
  /** Time for the vault to start or to finish one job, ms: a standard key takes 10 s on ARMv7. */
  vaultJobMs: 120_000,

  /** Largest cleft.toml, bytes: all its keys, and rules for a hundred qubes. */
  settingsFileBytesMax: 64 * 1024,
  /**
   * Largest service, setting or start file of Qubes that is read, bytes: the longest that Cleft
   * writes has 2 KiB, and a person writes a few lines.
   */
  installedBytesMax: 64 * 1024,
  /** Clef's last log level, 5 trace; from 4 on all is logged. */
  logLevelMax: 5,
  /** Letters in which a name may differ from the one that it is taken for, in a hint. */
  nearNameMax: 2,

  /** Longest ledger record, bytes: a listing of `keyFilesMax` accounts fits. */
  ledgerRecordBytesMax: 1024 * 1024,
  /** Acts of commands that a running signer waits for the end of: whose command was killed has none. */
  actsOpenMax: 64,
  /** What a record keeps of a question: its sentences, characters, and how many warnings. */
  recordedTextCharsMax: 300,
  recordedWarningsMax: 8,
  /** How often a ledger that is being written is read before its fault is believed. */
  auditTries: 3,
  /** Requests without outcome that are named one by one: a person can't look into more. */
  auditOpenNamed: 20,
  /** Entries that `audit show` shows if it isn't told how many: about two screens. */
  auditShown: 10,
  /** Longest value in the audit log, characters: typed data and a batch of transfers fit. */
  auditValueCharsMax: 16 * 1024,
  /** Audit log lines that wait for a disk that refuses them, bytes: some thousand requests. */
  auditHeldBytesMax: 1024 * 1024,
  /** Time until an audit log that can't be written is tried again, ms: a person frees the disk. */
  auditRetryMs: 5_000,
  /** Longest audit log before it is put aside, bytes: anybody may ask, so its disk has an end. */
  auditLogBytesMax: 64 * 1024 * 1024,
  /**
   * How long one waits for another that writes the ledger, ms, and how often it looks: to verify
   * 300,000 records takes 1.6 s on two cores of a desktop.
   */
  ledgerTurnMs: 5_000,
  ledgerRetryMs: 50,
  /**
   * Time that a call waits for the signer that it has started, ms: a slow machine opens a terminal
   * and Node in a third of it, and the caller's patience is no shorter.
   */
  signerStartMs: 30_000,
  /** How often such a call looks whether the signer listens, ms: a person doesn't notice it. */
  signerStartProbeMs: 50,
  /** Time for a clean shutdown, ms, after which open connections are cut. */
  drainMs: 3_000,
} as const;
