import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endOf } from "./ending.ts";
import { type RpcClient, rpcClient } from "./rpc.ts";
import { root } from "./shared.ts";

const bin = `${root}packages/dispatcher/bin/cleft-dispatcher.mjs`;

/** A running dispatcher on a free port, called by the literal name that Clef's documentation has. */
export interface Dispatcher extends RpcClient {
  readonly port: number;
  /** Everything that it wrote to stderr. */
  log(): string;
  /** Ends it and resolves with its exit code, or with the signal that killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

/** Starts the real program. */
export async function startDispatcher(args: readonly string[], command = bin): Promise<Dispatcher> {
  const child = spawn(process.execPath, [command, "--port", "0", ...args]);
  const ended = endOf(child);
  let log = "";
  const port = await Promise.race([
    new Promise<number>((resolve) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        const [, digits] = /serving http:\/\/[^/]*:(\d+)\//.exec(log) ?? [];
        if (digits !== undefined) resolve(Number(digits));
      });
    }),
    ended.then((end) => Promise.reject(new Error(`cleft-dispatcher ended with ${end}: ${log}`))),
  ]);
  return dispatcherAt(port, { child, ended, log: () => log });
}

function dispatcherAt(
  port: number,
  {
    child,
    ended,
    log,
  }: { child: ChildProcess; ended: Promise<number | string>; log: () => string },
): Dispatcher {
  return {
    ...rpcClient(`http://localhost:${port}`),
    port,
    log,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a command of the dispatcher's to its end. */
export function runDispatcher(args: readonly string[]): {
  exit: number | null;
  out: string;
  err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
  });
  return { exit: status, out: stdout, err: stderr };
}

/** Writes a program that stands for `qrexec-client-vm`: JavaScript, with `greet`, `reply`, `onFrame` at hand. */
export function writeClient(folder: string, body: string): string {
  const path = join(folder, "qrexec-client-vm");
  writeFileSync(path, `#!${process.execPath}\n${preamble}\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const preamble = `
const say = (frame) => process.stdout.write(JSON.stringify(frame) + "\\n");
const greet = () => say({ clefq: 1, qube: "work", profile: "", max: 5242880, inflight: 16 });
const ack = ({ id }) => say({ type: "ack", id, state: "pending" });
const reply = ({ id, rpc }, result) => say({ type: "res", id, rpc: { jsonrpc: "2.0", id: rpc.id, result } });
const onFrame = (take) => require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => take(JSON.parse(line)))
  .on("close", () => process.exit(0));
`;
