import type { Socket } from "node:net";
import type { Descriptor } from "@cleft/protocol/descriptor.ts";
import type { Caller, CallerClaims, QubeIdentity, QubeLabel } from "../../domain/caller.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { RefusalLog } from "../../domain/refusal-log.ts";
import { refusalLine } from "../rpc/envelope.ts";
import type { CallParts } from "./call-parts.ts";
import { Chunks } from "./chunks.ts";
import { closeSoon } from "./close-soon.ts";
import { readDescriptor } from "./qrexec-descriptor.ts";
import { OneShot } from "./qrexec-one-shot.ts";
import { QrexecStream } from "./qrexec-stream.ts";

/** What a caller says, in either way. */
interface Talk {
  readonly held: number;
  readonly isIdle: boolean;
  run(): Promise<void>;
  end(): void;
  destroy(): void;
}

type Known = "identity" | "callerWith" | "chunks" | "arrived";

/** What the operator says of a qube. */
export interface Admission {
  readonly label: QubeLabel | undefined;
}

/** What every call needs. */
export interface AcceptParts extends Omit<CallParts, Known> {
  readonly log: Log;
  /** What is known of a qube that may call with its profile. */
  readonly admit: (descriptor: Descriptor) => Admission | undefined;
  /** Why there is no place for it now, or undefined. */
  readonly makeRoom: (descriptor: Descriptor) => string | undefined;
  readonly refusals: RefusalLog;
}

/**
 * One call through qrexec: dom0 says who calls; what follows is a stream if it begins with its hello,
 * otherwise one request. Whoever isn't named, in time and rightly, gets nothing.
 */
export class QrexecCall {
  private readonly socket: Socket;
  private readonly parts: AcceptParts;
  private talk: Talk | undefined;
  /** Who calls, once that is known and admitted. */
  qube: string | undefined;

  constructor(socket: Socket, parts: AcceptParts) {
    this.socket = socket;
    this.parts = parts;
    // What fails is the connection, and `close` follows.
    socket.on("error", () => undefined);
  }

  /** What it holds of the memory, bytes. */
  get held(): number {
    return this.talk?.held ?? 0;
  }

  /** Whether it was ended, so that it takes no place. */
  get isGone(): boolean {
    return this.socket.destroyed;
  }

  /** Whether it waits for nothing but more requests, so that nothing is lost with it. */
  get isIdle(): boolean {
    return this.talk?.isIdle ?? false;
  }

  async run(): Promise<void> {
    const chunks = new Chunks(this.socket);
    const descriptor = await this.named(chunks);
    if (descriptor === undefined) return this.destroy();
    const admission = this.parts.admit(descriptor);
    if (admission === undefined) {
      const reason = "this qube may not call with this profile";
      return this.turnAway(chunks, descriptor, new Failure("call.refused", reason));
    }
    const full = this.parts.makeRoom(descriptor);
    if (full !== undefined)
      return this.turnAway(chunks, descriptor, new Failure("call.busy", full));
    this.qube = descriptor.qube;
    await this.listen(chunks, { kind: "qube", ...descriptor }, admission);
  }

  private async listen(
    chunks: Chunks,
    identity: QubeIdentity,
    { label }: Admission,
  ): Promise<void> {
    const arrived = this.parts.clock.after(limits.qrexecReadMs, () => this.destroy());
    this.socket.once("close", arrived);
    const isStream = await beginsWithHello(chunks);
    const callerWith = (claims: CallerClaims): Caller =>
      label === undefined ? { identity, claims } : { identity, claims, label };
    const parts = { ...this.parts, identity, callerWith, chunks, arrived };
    this.talk = isStream ? new QrexecStream(this.socket, parts) : new OneShot(this.socket, parts);
    await this.talk.run();
  }

  /** Takes no more requests and goes once the open ones are answered. */
  end(): void {
    if (this.talk === undefined) this.destroy();
    else this.talk.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async named(chunks: Chunks): Promise<Descriptor | undefined> {
    const { clock, log } = this.parts;
    const cancel = clock.after(limits.descriptorMs, () => this.destroy());
    try {
      const descriptor = await readDescriptor(chunks);
      // Who said nothing only looked whether somebody listens.
      if (descriptor === undefined && this.socket.bytesRead > 0) {
        log.warn("A call without a valid qrexec descriptor was dropped", {
          hint: 'see "cleft doctor": skip-service-descriptor must be off',
        });
      }
      return descriptor;
    } finally {
      cancel();
    }
  }

  /**
   * Before anything of the call is read: to wait for it would be a place that it takes. So a stream
   * gets a line of JSON-RPC too, and tells by its code whether it may come again.
   */
  private turnAway(chunks: Chunks, descriptor: Descriptor, refusal: Failure): void {
    const { qube, profile } = descriptor;
    // Counted by the qube: it may come under ever new profiles.
    const fields = { profile, reason: refusal.message };
    this.parts.refusals.tell(`qube:${qube}`, "warn", fields);
    this.socket.write(refusalLine(refusal));
    chunks.end();
    closeSoon(this.socket, this.parts.clock);
  }
}

/** Looks at the first letters: a stream's hello begins with its name, and a request with none. */
async function beginsWithHello(chunks: Chunks): Promise<boolean> {
  let read = Buffer.alloc(0);
  while (read.length < hello.length) {
    const chunk = await chunks.next();
    if (chunk === undefined) break;
    read = Buffer.concat([read, chunk]);
  }
  chunks.putBack(read);
  return read.subarray(0, hello.length).equals(hello);
}

const hello = Buffer.from('{"clefq":');
