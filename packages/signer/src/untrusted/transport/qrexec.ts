import { createServer, type Socket } from "node:net";
import { Connections } from "@cleft/protocol/connections.ts";
import type { Descriptor } from "@cleft/protocol/descriptor.ts";
import { overweight } from "@cleft/protocol/overweight.ts";
import type { Clock } from "../../domain/clock.ts";
import { isSystemError } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Log } from "../../domain/log.ts";
import type { RefusalLog } from "../../domain/refusal-log.ts";
import { drain } from "./drain.ts";
import { FrameMemory } from "./frame-memory.ts";
import { type Admission, QrexecCall } from "./qrexec-call.ts";
import { listenAt, type SocketFile } from "./socket-file.ts";
import type { Serve, Transport } from "./transport.ts";

export interface QrexecSettings {
  /** Where the socket is made that a service of the name lies at, or a wrapper connects to. */
  readonly path: string;
  /** What says where that is, as the user spells it. */
  readonly folderSetting: string;
  /** What is known of a qube that may call with its profile. */
  readonly admit: (descriptor: Descriptor) => Admission | undefined;
}

export interface QrexecPowers {
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalLog;
  /** Whether the ledger has an intent for a caller's frame. */
  readonly onBug: (bug: unknown) => void;
  readonly recorded: (caller: string, frame: string) => boolean;
}

/**
 * Calls from other qubes, over the socket that qrexec's agent connects to. Who calls is dom0's word;
 * therefore the socket and its folder are this user's alone.
 */
export function qrexecTransport(
  { path, folderSetting, admit }: QrexecSettings,
  { clock, log, refusals, recorded, onBug }: QrexecPowers,
): Transport {
  const server = createServer({ allowHalfOpen: true });
  // Beyond those that are named: each says who it is at once, or goes.
  server.maxConnections = limits.qrexecConnectionsMax;
  const calls = new Connections<QrexecCall>(server.maxConnections);
  const frames = new FrameMemory({ clock, recorded });
  let file: SocketFile | undefined;

  /** An idle call goes for a new one, first of all one of the same qube; else says why none can. */
  function makeRoom(descriptor: Descriptor): string | undefined {
    const named = [...calls].filter(({ qube, isGone }) => qube !== undefined && !isGone);
    const mine = named.filter(({ qube }) => qube === descriptor.qube);
    if (mine.length >= limits.qubeCallsMax) return endIdle(mine);
    if (named.length >= limits.qrexecCallsMax) return endIdle(named);
    return undefined;
  }

  function accept(socket: Socket, serve: Serve): void {
    const call: QrexecCall = new QrexecCall(socket, {
      ...{ serve, frames, clock, log, refusals, admit, makeRoom },
      began: () => calls.began(call),
      ended: () => calls.ended(call),
      grew: () => overweight(calls, limits.bodiesBytesMax)?.destroy(),
    });
    calls.add(call);
    socket.once("close", () => calls.remove(call));
    call.run().catch((error: unknown) => {
      // Connections fail; nothing else may.
      if (!call.isGone && !isSystemError(error)) onBug(error);
      call.destroy();
    });
  }

  return {
    async open(serve) {
      server.on("connection", (socket) => accept(socket, serve));
      file = await listenAt(server, { path, api: "qrexec", folderSetting });
      return path;
    },

    async close() {
      await file?.remove();
      await drain(server, calls, clock);
    },
  };
}

/** Ends the call that has been idle for the longest, or says why not. */
function endIdle(calls: readonly QrexecCall[]): string | undefined {
  const idle = calls.find(({ isIdle }) => isIdle);
  idle?.destroy();
  return idle === undefined ? "too many calls are open already, try again later" : undefined;
}
