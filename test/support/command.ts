import { spawn, spawnSync } from "node:child_process";
import { root } from "./shared.ts";

const bin = `${root}packages/signer/bin/cleft.mjs`;

/** What a command left behind. */
export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `cleft` to its end, with the lines of `input` from a pipe. */
export function runCommand(args: readonly string[], input: readonly string[] = []): Ended {
  const options = { input: textOf(input), encoding: "utf8" } as const;
  const result = spawnSync(process.execPath, [bin, ...args], options);
  return { exit: result.status, out: result.stdout, err: result.stderr };
}

/** The same, while the test goes on. */
export function startCommand(args: readonly string[], input: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args]);
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.end(textOf(input));
  return new Promise((resolve) => child.on("close", (exit) => resolve({ exit, out, err })));
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
