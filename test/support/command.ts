import { spawnSync } from "node:child_process";
import { root } from "./shared.ts";

/** What a command left behind. */
export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `cleft` to its end, with the lines of `input` from a pipe. */
export function runCommand(args: readonly string[], input: readonly string[] = []): Ended {
  const bin = `${root}packages/signer/bin/cleft.mjs`;
  const text = input.map((line) => `${line}\n`).join("");
  const result = spawnSync(process.execPath, [bin, ...args], { input: text, encoding: "utf8" });
  return { exit: result.status, out: result.stdout, err: result.stderr };
}
