import { type RpcError, rpcCode } from "@cleft/protocol/rpc.ts";

/**
 * The table of expected failures. `reply` is what the caller is told: a fixed text as Clef has it,
 * or `message` where the message only speaks of what the caller sent.
 */
const table = {
  "json.malformed": { rpc: rpcCode.parse, reply: "parse error" },
  "json.refused": { rpc: rpcCode.parse, reply: "message" },
  "rpc.invalid": { rpc: rpcCode.invalidRequest, reply: "invalid request" },
  "rpc.batch": { rpc: rpcCode.invalidRequest, reply: "message" },
  "rpc.long": { rpc: rpcCode.responseTooLarge, reply: "response too large" },
  "method.unknown": { rpc: rpcCode.methodNotFound, reply: "message" },
  "params.invalid": { rpc: rpcCode.invalidParams, reply: "message" },
  "data.refused": { rpc: rpcCode.server, reply: "message" },
  "signature.refused": { rpc: rpcCode.server, reply: "message" },
  "transaction.refused": { rpc: rpcCode.server, reply: "message" },
  "authorization.denied": { rpc: rpcCode.server, reply: "message" },
  "chain.wrong": { rpc: rpcCode.server, reply: "message" },
  "request.denied": { rpc: rpcCode.server, reply: "request denied" },
  "request.changed": { rpc: rpcCode.server, reply: "message" },
  "request.withdrawn": { rpc: rpcCode.server, reply: "request denied" },
  "request.expired": { rpc: rpcCode.server, reply: "request denied" },
  "window.lost": { rpc: rpcCode.server, reply: "request denied" },
  "window.answer": { rpc: rpcCode.server, reply: "request denied" },
  "window.amendment": { rpc: rpcCode.server, reply: "request denied" },
  "window.url": { rpc: rpcCode.server, reply: "protocol scheme missing" },
  "queue.full": {
    rpc: rpcCode.server,
    reply: "too many requests wait for an answer, try again later",
  },
  "caller.denied": { rpc: rpcCode.server, reply: "request denied" },
  "rate.exceeded": { rpc: rpcCode.server, reply: "too many requests, try again later" },
  "call.refused": { rpc: rpcCode.server, reply: "message" },
  "call.busy": { rpc: rpcCode.limitExceeded, reply: "message" },
  "account.unknown": { rpc: rpcCode.server, reply: "unknown account" },
  "account.ambiguous": { rpc: rpcCode.server, reply: "multiple keys match address" },
  "password.absent": { rpc: rpcCode.server, reply: "internal error" },
  "password.wrong": {
    rpc: rpcCode.server,
    reply: "could not decrypt key with given password",
  },
  "password.weak": { rpc: rpcCode.server, reply: "account creation failed" },
  "password.long": { rpc: rpcCode.server, reply: "could not decrypt key with given password" },
  "password.mismatch": { rpc: rpcCode.server, reply: "internal error" },
  "key.invalid": { rpc: rpcCode.server, reply: "internal error" },
  "key.exists": { rpc: rpcCode.server, reply: "account already exists" },
  "keyfile.refused": { rpc: rpcCode.server, reply: "could not decrypt key with given password" },
  "ledger.unwritable": {
    rpc: rpcCode.server,
    reply: "the signer can't record the request, nothing was signed",
  },
  "ledger.broken": {
    rpc: rpcCode.server,
    reply: "the signer can't record the request, nothing was signed",
  },
  "store.refused": { rpc: rpcCode.server, reply: "internal error" },
  "store.failed": { rpc: rpcCode.server, reply: "internal error" },
  "instance.running": { rpc: rpcCode.server, reply: "internal error" },
  "transport.refused": { rpc: rpcCode.server, reply: "internal error" },
  "kzg.busy": {
    rpc: rpcCode.server,
    reply: "too many blob transactions are being checked, try again later",
  },
  "kzg.failed": { rpc: rpcCode.server, reply: "internal error" },
  "vault.failed": { rpc: rpcCode.server, reply: "internal error" },
  "unlock.full": { rpc: rpcCode.server, reply: "internal error" },
  "unlock.ended": { rpc: rpcCode.server, reply: "request denied" },
  "control.absent": { rpc: rpcCode.server, reply: "internal error" },
  "control.failed": { rpc: rpcCode.server, reply: "internal error" },
  "signer.locked": { rpc: rpcCode.server, reply: "the signer is locked" },
  "signer.draining": { rpc: rpcCode.server, reply: "request denied" },
  "setup.wrong": { rpc: rpcCode.server, reply: "internal error" },
  usage: { rpc: rpcCode.server, reply: "internal error" },
  aborted: { rpc: rpcCode.server, reply: "request denied" },
} as const satisfies Record<string, { rpc: number; reply: string }>;

export type FailureCode = keyof typeof table;

/** An expected failure. Its message is for the operator and may tell all. */
export class Failure extends Error {
  readonly code: FailureCode;
  /** What the operator can do about it, or absent. */
  readonly hint: string | undefined;

  constructor(code: FailureCode, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = "Failure";
    this.code = code;
    this.hint = more.hint;
  }
}

/** What the caller is told: never a path, a window's words or a stack. */
export function toRpcError(failure: Failure): RpcError {
  const { rpc, reply } = table[failure.code];
  return { code: rpc, message: reply === "message" ? failure.message : reply };
}

/** Whether a text is a code of the table: for failures that cross a thread as plain data. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(table, code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === "object" && error !== null ? "unknown error" : String(error);
}

/** Whether the system refused something, by its error number's name, and not Node by a check. */
export function isSystemError(error: unknown): boolean {
  return /^E(?!RR_)[A-Z0-9]+$/.test(systemCode(error) ?? "");
}

/** The code of a Node system error such as `ENOENT`, or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
