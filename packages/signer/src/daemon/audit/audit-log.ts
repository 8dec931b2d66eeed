import { encodeJson } from "@cleft/protocol/json.ts";
import { metaOf } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure, messageOf, toRpcError } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { Store } from "../../store/store.ts";
import type { Request } from "../../untrusted/rpc/methods.ts";
import type { Asking } from "../request/asking.ts";
import { answerOf, askedOf, nothingOf } from "./audit-event.ts";
import { type AuditFields, auditLine, auditLineBegins } from "./audit-line.ts";

/** What file can be one. */
export const auditLogRules = { bytesMax: limits.auditLogBytesMax, begins: auditLineBegins };

/**
 * The readable log of `--auditlog`, in Clef's format. It is an export and not the truth: a disk that
 * refuses it is warned of, what could not be written is tried again, and no request waits for it. Never a secret: it says what a caller sent and was told.
 */
export class AuditLog {
  private readonly path: string;
  private readonly parts: { readonly store: Store; readonly clock: Clock; readonly log: Log };
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private dropped = 0;
  private failing = false;
  private cancelRetry: () => void = () => undefined;
  private writing: Promise<void> | undefined;

  /** An empty `path` turns it off. */
  constructor(path: string, parts: { store: Store; clock: Clock; log: Log }) {
    this.path = path;
    this.parts = parts;
    this.add("Configured", { "audit log": path });
  }

  /** Runs a request and logs it before, and how it ended after. */
  async around<T>(asking: Asking, request: Request, work: () => Promise<T>): Promise<T> {
    // Off: a request may hold megabytes, which nobody needs to encode.
    if (this.path === "") return work();
    const asked = askedOf(request);
    if (asked === undefined) return work();
    const { id, caller } = asking;
    const metadata = encodeJson(metaOf(caller));
    this.add(asked.msg, { type: "request", metadata, ...asked.fields, id });
    try {
      const result = await work();
      this.add(asked.msg, { type: "response", ...answerOf(asked.msg, result), id });
      return result;
    } catch (error) {
      const told = error instanceof Failure ? toRpcError(error).message : "internal error";
      this.add(asked.msg, { type: "response", ...nothingOf(asked.msg), error: told, id });
      throw error;
    }
  }

  /** Writes what waits, as far as the disk takes it. */
  async close(): Promise<void> {
    this.cancelRetry();
    await this.writing;
    await this.flush();
    this.cancelRetry();
  }

  private flush(): Promise<void> {
    this.writing ??= this.write();
    return this.writing;
  }

  private add(msg: string, fields: AuditFields): void {
    if (this.path === "") return;
    const line = auditLine(this.parts.clock.now(), { msg, api: "signer", ...fields });
    const bytes = new TextEncoder().encode(line);
    if (this.waitingBytes + bytes.length > limits.auditHeldBytesMax) this.dropped++;
    else {
      this.waiting.push(bytes);
      this.waitingBytes += bytes.length;
    }
    if (!this.failing) void this.flush();
  }

  /** Until nothing waits, or the disk refuses it: then it is tried again later. */
  private async write(): Promise<void> {
    await this.writeWaiting();
    // In the same step in which nothing waited: a line that comes now begins anew.
    this.writing = undefined;
  }

  private async writeWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const lines = this.waiting;
      this.waiting = [];
      try {
        const bytes = Buffer.concat(lines);
        await this.parts.store.append(this.path, bytes, auditLogRules);
        this.waitingBytes -= bytes.length;
      } catch (error) {
        this.waiting = [...lines, ...this.waiting];
        this.complain(error);
        this.cancelRetry = this.parts.clock.after(limits.auditRetryMs, () => void this.flush());
        return;
      }
      this.recovered();
    }
  }

  /** Once, not with every line. */
  private complain(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    const hint = error instanceof Failure ? (error.hint ?? "") : "";
    const fields = { path: this.path, reason: messageOf(error) };
    this.parts.log.warn(
      "The audit log can't be written",
      hint === "" ? fields : { ...fields, hint },
    );
  }

  private recovered(): void {
    if (this.failing) {
      this.parts.log.info("The audit log is written again", { dropped: this.dropped });
    }
    this.failing = false;
    const count = this.dropped;
    this.dropped = 0;
    if (count > 0) this.add("Dropped", { lines: String(count) });
  }
}
