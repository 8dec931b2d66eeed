import { type ChildProcess, spawn } from "node:child_process";
import { createTestClient, http, publicActions } from "viem";
import { freePort } from "./ports.ts";
import { root } from "./shared.ts";

/** A chain of its own, with money on the sample accounts. */
export interface Anvil {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts anvil on a free port and waits, in a bounded loop, until it answers. */
export async function startAnvil(): Promise<Anvil> {
  const port = await freePort();
  const bin = `${root}node_modules/@foundry-rs/anvil/bin.mjs`;
  const child = spawn(process.execPath, [bin, "--port", String(port), "--silent"], {
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const chain = createTestClient({ mode: "anvil", transport: http(url) }).extend(publicActions);
  for (let tries = 0; ; tries++) {
    if (await chain.getChainId().then(Boolean, () => false)) break;
    if (tries > 300 || child.exitCode !== null) throw new Error("anvil didn't start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
