import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { encodeClientFrame } from "@cleft/protocol/clefq/encode.ts";
import { onTestFinished } from "vitest";
import { FakeClock, FakeLog } from "../../domain/fakes.ts";
import { RefusalLog } from "../../domain/refusal-log.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { qrexecTransport } from "./qrexec.ts";
import type { Serve } from "./transport.ts";

type Served = Parameters<Serve>[0];

/** A transport of calls over qrexec on a clock that stands still, and what it served. */
export async function qrexecCalls(
  serve: (request: Served) => Promise<string | undefined> = async () => "{}\n",
) {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  const log = new FakeLog();
  const refusals = new RefusalLog({ log, clock });
  const served: Served[] = [];
  const settings = {
    path: join(folder, "s"),
    folderSetting: "the test",
    admit: ({ profile }: { profile: string }) =>
      profile.startsWith("unknown") ? undefined : { label: "red" as const },
  };
  const transport = qrexecTransport(settings, {
    clock,
    log,
    refusals,
    recorded: () => false,
    onBug: () => undefined,
  });
  const path = await transport.open((request) => {
    served.push(request);
    return serve(request);
  });
  onTestFinished(() => transport.close());
  return { clock, log, served, transport, call: (text?: string) => callAt(path, text) };
}

/** One call: what is written is what qrexec and the caller say. */
async function callAt(path: string, text = "") {
  const socket = connect({ path, allowHalfOpen: true });
  let received = "";
  let ended = false;
  for (const event of ["end", "close"]) {
    socket.once(event, () => {
      ended = true;
    });
  }
  socket.setEncoding("utf8").on("data", (more: string) => {
    received += more;
  });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return {
    socket,
    received: () => received,
    ended: () => ended,
    lines: () => received.split("\n").filter((line) => line !== ""),
  };
}

/** The descriptor of the qube `work`. */
export const work = "qubes.Clefsign+ work\0";
/** A dispatcher's first frame. */
export const hello = encodeClientFrame({ type: "hello", version: 1, client: "test/1.0" });
/** The id of the request number `at`. */
export const idOf = (at: number) => at.toString(16).padStart(32, "0");
/** What each request claims. */
export const claims = {
  origin: "https://a.example",
  host: "localhost",
  userAgent: "t",
  remote: "r",
};

/** The frame of the request number `at`. */
export function req(at: number, method = "account_version"): string {
  const rpc = new Map([["method", method]]);
  return encodeClientFrame({ type: "req", id: idOf(at), rpc, claims });
}

/** Writes in pieces of `size` bytes, each in its own packet if possible. */
export async function trickle(socket: Socket, text: string, size: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
