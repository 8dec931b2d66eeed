import type { Socket } from "node:net";
import { limits } from "../domain/limits.ts";
import { connectTo, isReached } from "./connect.ts";
import { type Turn, takeTurn } from "./turn.ts";

/** What starts the signer, its arguments, and the environment that it gets. */
export interface StartCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the signer, unless another wrapper is at it, and waits until it listens at `path`. Undefined
 * if it doesn't in time, or its command fails; who waited for another one's start makes none of its
 * own, so that a signer that doesn't start isn't started once for each caller.
 * @throws Error if the system lets nothing be started
 */
export async function startAndConnect(
  path: string,
  start: StartCommand,
): Promise<Socket | undefined> {
  const turn = await takeTurn(await turnName(path));
  let signer: Socket | undefined;
  try {
    signer = await wait(path, turn, start);
    return signer;
  } finally {
    await turn.end(signer === undefined ? "failed" : "done");
  }
}

async function wait(path: string, turn: Turn, start: StartCommand): Promise<Socket | undefined> {
  const triesMax = limits.signerStartMs / limits.signerStartProbeMs;
  let failed = () => turn.hasFailed();
  for (let tries = 0; tries < triesMax; tries++) {
    // Asked before the look that may be the last one.
    const isLast = failed();
    const found = await connectTo(path);
    if (isReached(found)) return found;
    if (isLast || found === "refused") return undefined;
    // Only now: another one may have started it before this turn.
    if (tries === 0 && turn.isMine && found === "absent") failed = await run(start);
    await new Promise((resolve) => setTimeout(resolve, limits.signerStartProbeMs));
  }
  return undefined;
}

/** Runs the command in a session of its own, with none of our streams; tells whether it failed. */
async function run({ command, args, env }: StartCommand): Promise<() => boolean> {
  const { spawn } = await import("node:child_process");
  let hasFailed = false;
  const child = spawn(command, args, { detached: true, stdio: "ignore", env: { ...env } });
  child.once("error", () => {
    hasFailed = true;
  });
  child.once("exit", (code) => {
    // A terminal may leave its window to a server and end well.
    hasFailed = code !== 0;
  });
  child.unref();
  return () => hasFailed;
}

/** One name for each user and socket. */
async function turnName(path: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256")
    .update(`${process.getuid?.() ?? 0}:${path}`)
    .digest("hex");
  return `\0cleft-start-${digest}`;
}
