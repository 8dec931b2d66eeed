import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { root } from "./shared.ts";

const bin = `${root}packages/signer/bin/cleft.mjs`;

/** What a command left behind. */
export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** What comes from a pipe: lines, or a text as it is. */
type Piped = readonly string[] | string;

/** Where and as whom a command runs. */
interface Place {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs `cleft` to its end. Its results go to `stdout`, a file's number, or into what is returned. */
export function runCommand(
  args: readonly string[],
  input: Piped = [],
  { stdout = "pipe", ...place }: Place & { readonly stdout?: "pipe" | number } = {},
): Ended {
  const options = { ...place, input: textOf(input), encoding: "utf8" } as const;
  const stdio = ["pipe", stdout, "pipe"] as const;
  const result = spawnSync(process.execPath, [bin, ...args], { ...options, stdio: [...stdio] });
  return { exit: result.status, out: result.stdout ?? "", err: result.stderr };
}

/** Starts `cleft`; the caller ends it. */
export function spawnCommand(
  args: readonly string[],
  place: Place = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, ...args], place);
}

/**
 * Runs `cleft` to its end while the test goes on. With `stopAt` its input stays open, and it is
 * ended by SIGINT once it has written that.
 */
export function startCommand(
  args: readonly string[],
  input: Piped,
  { stopAt, ...place }: Place & { readonly stopAt?: string } = {},
): Promise<Ended> {
  const child = spawnCommand(args, place);
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    if (stopAt !== undefined && out.includes(stopAt)) child.kill("SIGINT");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  // It may end before it has read all.
  child.stdin.on("error", () => undefined);
  child.stdin.write(textOf(input));
  if (stopAt === undefined) child.stdin.end();
  return new Promise((resolve) => child.on("close", (exit) => resolve({ exit, out, err })));
}

function textOf(input: Piped): string {
  return typeof input === "string" ? input : input.map((line) => `${line}\n`).join("");
}
