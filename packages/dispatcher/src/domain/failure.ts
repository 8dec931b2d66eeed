/**
 * The table of expected failures. `status` is HTTP's; 200 where the signer itself said no, as with
 * every error of JSON-RPC. `sentence` and `hint` go to the caller, who is in the same qube as the
 * operator: they hold nothing of the vault's.
 */
const table = {
  "qrexec.denied": {
    status: 403,
    sentence: "the call was refused: dom0's policy doesn't allow it, or a person said no",
    hint: "check dom0 policy: in dom0, sudo qubes-policy-editor 30-cleft, journalctl -u qubes-qrexec-policy-daemon",
  },
  "qrexec.refused": {
    status: 403,
    sentence: "the signer doesn't let this qube in",
    hint: "look at the signer's log and its settings for this qube and profile",
  },
  "qrexec.missing": {
    status: 502,
    sentence: "the signer's qube has no such service",
    hint: "install it there, with Cleft's command qubes install --role vault",
  },
  "qrexec.down": {
    status: 502,
    sentence: "the signer isn't running in its qube",
    hint: "start it in a terminal of its qube: /usr/local/bin/cleft-vault-start",
  },
  "qrexec.crowded": {
    status: 503,
    sentence: "no connection to the signer's qube could be made",
    hint: "try again later; if it lasts, look whether that qube hangs",
  },
  "qrexec.failed": {
    status: 502,
    sentence: "the service in the signer's qube refused the call",
    hint: "look at its words in the dispatcher's log, and at the profile: at most 32 of a-z 0-9 . -",
  },
  "qrexec.absent": {
    status: 502,
    sentence: "this machine has no working qrexec",
    hint: "in a qube, look whether qubes-qrexec-agent runs; on a plain host say --ipc or --http",
  },
  "qrexec.usage": {
    status: 500,
    sentence: "the qrexec client didn't understand how it was called",
    hint: "look at its words in the dispatcher's log",
  },
  "qrexec.died": {
    status: 502,
    sentence: "the signer's qube went away",
    hint: "look whether it still runs, then ask again",
  },
  "qrexec.killed": {
    status: 502,
    sentence: "the service in the signer's qube was killed",
    hint: "look at the log of the signer's qube",
  },
  "qrexec.closed": {
    status: 502,
    sentence: "the signer closed the stream before it answered",
    hint: "look at the log of the signer's qube",
  },
  "qrexec.strange": {
    status: 502,
    sentence: "what answered isn't a signer that this dispatcher understands",
    hint: "install the same version of Cleft on both sides",
  },
  "signer.silent": {
    status: 504,
    sentence: "the signer doesn't answer any more",
    hint: "look whether its qube hangs",
  },
  "signer.busy": {
    status: 503,
    sentence: "the signer serves too many calls already",
    hint: "end other programs that call it from this qube, or try again later",
  },
  "outcome.unknown": {
    status: 502,
    sentence: "outcome unknown: look at the signer's ledger before asking again",
    hint: "where the signer runs: cleft audit show",
  },
  "signer.down": {
    status: 502,
    sentence: "the signer can't be reached",
    hint: "start it, and compare its address with --ipc or --http",
  },
  "signer.forbidden": {
    status: 403,
    sentence: "the signer refused this dispatcher",
    hint: "check --token-file, or who may open the socket",
  },
  "signer.refused": {
    status: 502,
    sentence: "the signer refused the request's form",
    hint: "install the same version of Cleft on both sides",
  },
  "request.long": {
    status: 413,
    sentence: "the request is too long for the signer",
    hint: "send less at once",
  },
  "queue.full": {
    status: 503,
    sentence: "too many requests wait for the signer",
    hint: "try again later",
  },
  "request.withdrawn": {
    status: 503,
    sentence: "the caller hung up",
    hint: "ask again",
  },
  "dispatcher.stopping": {
    status: 503,
    sentence: "the dispatcher is being stopped",
    hint: "ask again once it runs",
  },
  "said.busy": {
    status: 200,
    sentence: "too many requests wait for an answer",
    hint: "answer those in the signer's window, then ask again",
  },
  "said.too_large": {
    status: 200,
    sentence: "the request, or the answer to it, is too long",
    hint: "send less at once",
  },
  "said.bad_frame": {
    status: 200,
    sentence: "the signer didn't understand the dispatcher",
    hint: "install the same version of Cleft on both sides",
  },
  "said.shutdown": {
    status: 200,
    sentence: "the signer is being stopped; nothing was signed",
    hint: "ask again once it runs",
  },
  "said.unknown": {
    status: 200,
    sentence: "outcome unknown: look at the signer's ledger before asking again",
    hint: "where the signer runs: cleft audit show",
  },
  "address.refused": {
    status: 500,
    sentence: "the address can't be listened on",
    hint: "choose another --port or --listen, or stop the program that has this one",
  },
  usage: {
    status: 500,
    sentence: "the dispatcher was called wrongly",
    hint: "cleft-dispatcher help",
  },
} as const satisfies Record<string, { status: number; sentence: string; hint: string }>;

export type FailureCode = keyof typeof table;

/** An expected failure. `detail` is for the operator alone: last words, addresses, system errors. */
export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail: string = table[code].sentence, cause?: unknown) {
    super(detail, { cause });
    this.name = "Failure";
    this.code = code;
  }

  get status(): number {
    return table[this.code].status;
  }

  get sentence(): string {
    return table[this.code].sentence;
  }

  /** What the operator is told: the sentence, and the detail if there is one. */
  get what(): string {
    const { sentence, message } = this;
    return message === sentence ? sentence : `${sentence} (${message})`;
  }

  get hint(): string {
    return table[this.code].hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a Node system error such as `ENOENT`, or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
