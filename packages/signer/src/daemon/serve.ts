import { randomUUID } from "node:crypto";
import { nameOf } from "../domain/caller.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import type { Log } from "../domain/log.ts";
import type { RefusalLog } from "../domain/refusal-log.ts";
import { answer } from "../untrusted/rpc/envelope.ts";
import type { Request } from "../untrusted/rpc/methods.ts";
import type { Serve } from "../untrusted/transport/transport.ts";
import type { AuditLog } from "./audit/audit-log.ts";
import { handle } from "./handle.ts";
import { type Lifecycle, locked, type State } from "./lifecycle.ts";
import type { HandleParts } from "./request/asking.ts";

/** Noes that are nobody's fault. */
const ordinary: ReadonlySet<FailureCode> = new Set([
  "request.denied",
  "request.withdrawn",
  "signer.draining",
]);

interface ServeParts {
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  readonly auditLog: AuditLog;
  readonly refusals: RefusalLog;
  readonly onBug: (bug: unknown) => void;
}

/** Joins parser and handler for a transport. Only a bug gets through as an exception. */
export function serveWith(
  parts: HandleParts,
  { log, lifecycle, auditLog, refusals, onBug }: ServeParts,
): Serve {
  return async ({ untrustedBody, caller, frame, dialect, signal, malformed }) => {
    const name = nameOf(caller.identity);
    try {
      return await answer(untrustedBody, {
        dialect,
        call: async (request) => {
          checkServing(lifecycle.state, request.method);
          const id = randomUUID();
          const asking = { id, method: request.method, caller, gone: signal, frame };
          const live = () => handle(asking, request, parts);
          const result = await auditLog.around(asking, request, live);
          log.debug("Served", { id, method: request.method, caller: name });
          return result;
        },
        complain: ({ code, message, hint = "" }, method) => {
          if (code === "json.malformed") malformed?.();
          const fields = { method, code, reason: message };
          const level = ordinary.has(code) ? "info" : "warn";
          refusals.tell(name, level, hint === "" ? fields : { ...fields, hint });
        },
      });
    } catch (bug) {
      onBug(bug);
      throw bug;
    }
  };
}

/** The requests that are being served. */
export class Running {
  private readonly requests = new Set<Promise<unknown>>();

  /** The same, with each request counted as long as it runs. */
  tracking(serve: Serve): Serve {
    return (request) => {
      const served = serve(request).finally(() => this.requests.delete(served));
      this.requests.add(served);
      return served;
    };
  }

  /** Waits until those end that run now, however they end. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.requests);
  }
}

/** What is answered while the signer is locked: clients ask it when they connect. */
const harmless: ReadonlySet<Request["method"]> = new Set(["rpc_modules", "account_version"]);

function checkServing(state: State, method: Request["method"]): void {
  if (state === "ready" || (state === "locked" && harmless.has(method))) return;
  if (state !== "locked") throw new Failure("signer.draining", "not serving");
  throw locked();
}
