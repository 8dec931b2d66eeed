import { spawn } from "node:child_process";
import { root } from "./shared.ts";

/** What a command left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program to its end, with `input` on a pipe. */
export function runCleft(
  words: readonly string[],
  { input = "" }: { readonly input?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [`${root}packages/signer/bin/cleft.mjs`, ...words]);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}
