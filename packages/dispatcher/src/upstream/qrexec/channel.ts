import type { Readable, Writable } from "node:stream";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { Failure, type FailureCode, systemCode } from "../../domain/failure.ts";

/** A running qrexec client: its pipes to the signer, and how it ended. */
export interface Channel {
  readonly input: Writable;
  readonly output: Readable;
  /** Comes after the last of `output`; never rejects. */
  readonly ended: Promise<Ending>;
  /** Ends it now. */
  kill(): void;
}

/** Port: starts a qrexec client. It doesn't throw: what can't be started has ended. */
export type OpenChannel = () => Channel;

/** How a stream ended: by the client program, or by us because of what came or didn't come. */
export type Ending =
  | { readonly kind: "exit"; readonly code: number; readonly stderr: string }
  | { readonly kind: "killed"; readonly by: string; readonly stderr: string }
  | { readonly kind: "unspawned"; readonly cause: unknown }
  | { readonly kind: "silent" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "busy"; readonly why: string }
  | { readonly kind: "strange"; readonly why: string };

/** What another try without an acknowledgement is safe after, and may help. */
const chances: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "qrexec.crowded",
  "qrexec.down",
  "qrexec.missing",
  "qrexec.died",
]);

/** Whether what wasn't acknowledged may be tried again, under the same id. */
export function mayRetry(ending: Ending): boolean {
  if (ending.kind === "busy") return true;
  if (ending.kind === "unspawned") return systemCode(ending.cause) !== "ENOENT";
  return ending.kind === "exit" && chances.has(codeOf(ending));
}

/** What an ending means for those who wait; its last words are in the detail. */
export function failureOf(ending: Ending): Failure {
  switch (ending.kind) {
    case "exit":
      return new Failure(codeOf(ending), lastWords(`exit code ${ending.code}`, ending.stderr));
    case "killed":
      return new Failure("qrexec.killed", lastWords(ending.by, ending.stderr));
    case "unspawned":
      return new Failure("qrexec.absent", reasonOf(ending.cause), ending.cause);
    case "silent":
      return new Failure("signer.silent", "no pong");
    case "refused":
      return new Failure("qrexec.refused", ending.why);
    case "busy":
      return new Failure("signer.busy", ending.why);
    case "strange":
      return new Failure("qrexec.strange", ending.why);
  }
}

/** Whether the signer closed it, as it does with one that is idle, or old, or when it stops. */
export function isGoodbye(ending: Ending): boolean {
  return ending.kind === "exit" && ending.code === 0;
}

function codeOf({ code, stderr }: Extract<Ending, { kind: "exit" }>): FailureCode {
  switch (code) {
    case 0:
      return "qrexec.closed";
    case 1:
      if (stderr.includes("connect: No such file or directory")) return "qrexec.absent";
      return /vchan connection/i.test(stderr) ? "qrexec.crowded" : "qrexec.failed";
    case 2:
      return "qrexec.usage";
    case 125:
      return "qrexec.down";
    case 126:
      return "qrexec.denied";
    case 127:
      return stderr.trim() === "" ? "qrexec.missing" : "qrexec.down";
    case 255:
      return "qrexec.died";
  }
  return code > 128 ? "qrexec.killed" : "qrexec.closed";
}

function lastWords(how: string, stderr: string): string {
  return stderr === "" ? how : `${how}: ${stderr}`;
}
