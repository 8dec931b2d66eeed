import { type ChildProcess, spawn } from "node:child_process";
import { createTestClient, http, publicActions } from "viem";
import { freePort } from "./ports.ts";

/** A chain of its own, with money on the sample accounts. */
export interface Anvil {
  readonly url: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the anvil of the tree at `root` on a free port and waits, in a bounded loop, until it answers. */
export async function startAnvil(root: string): Promise<Anvil> {
  const port = await freePort();
  const bin = `${root}node_modules/@foundry-rs/anvil/bin.mjs`;
  const child = spawn(process.execPath, [bin, "--port", String(port), "--silent"], {
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const chain = createTestClient({ mode: "anvil", transport: http(url) }).extend(publicActions);
  for (let tries = 0; ; tries++) {
    if (await chain.getChainId().then(Boolean, () => false)) break;
    if (tries > 300 || child.exitCode !== null) {
      await end(child);
      throw new Error("anvil didn't start");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, child, stop: () => end(child) };
}

/** Ends a process that may have ended. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
