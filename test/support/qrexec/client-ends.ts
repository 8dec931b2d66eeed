import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import { basename } from "node:path";
import type { Readable, Writable } from "node:stream";
import { isatty } from "node:tty";
import type { Call } from "./arguments.ts";

/** What a service is joined to on the caller's side. */
export interface Ends {
  /** What the service will read. */
  readonly source: Readable;
  /** What the service wrote goes here. */
  readonly sink: Writable;
  /** The exit code of a local program, which is then also ours. */
  readonly exit: Promise<number> | undefined;
}

/** Opens our stdin and stdout, one socket for both, or a program of ours. */
export function openEnds({ program, useStdinSocket }: Call): Ends {
  const [path, ...args] = program;
  if (path !== undefined) return startLocal(path, args);
  if (useStdinSocket) {
    const socket = new Socket({ fd: 0, readable: true, writable: true, allowHalfOpen: true });
    return { source: socket, sink: socket, exit: undefined };
  }
  return { source: sourceOf(0), sink: sinkOf(1), exit: undefined };
}

/** A program finds our own stdin and stdout under the numbers that its environment names. */
function startLocal(path: string, args: readonly string[]): Ends {
  const saved = process.env["PASS_LOCAL_STDERR"] === undefined ? [0, 1] : [0, 1, 2];
  const names = saved.map((fd, at) => [`SAVED_FD_${fd}`, String(at + 3)]);
  const child = spawn(path, args, {
    argv0: basename(path),
    env: { ...process.env, ...Object.fromEntries(names), QREXEC_AGENT_PID: String(process.pid) },
    stdio: ["pipe", "pipe", "inherit", ...saved],
  });
  if (child.stdin === null || child.stdout === null) throw new Error("no pipes");
  const exit = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`execv: ${error.message}\n`);
      resolve(255);
    });
    child.once("exit", (code, signal) => resolve(exitCode(code, signal)));
  });
  return { source: child.stdout, sink: child.stdin, exit };
}

/** As a shell counts: 128 and the signal's number. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}

export function errorSink(): Writable {
  return sinkOf(2);
}

/** Node's own stdout would block all of us while nobody reads it. */
function sinkOf(fd: number): Writable {
  if (isStream(fd)) return new Socket({ fd, readable: false, writable: true });
  return createWriteStream("", { fd });
}

function sourceOf(fd: number): Readable {
  if (isStream(fd)) return new Socket({ fd, readable: true, writable: false });
  return createReadStream("", { fd });
}

function isStream(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

/** Whether control characters are made harmless: as told, or where a person would see them. */
export function filterOf(told: boolean | undefined, fd: number): (bytes: Buffer) => Buffer {
  return (told ?? isatty(fd)) ? (bytes) => Buffer.from(bytes.map(harmless)) : (bytes) => bytes;
}

function harmless(byte: number): number {
  // Bell, backspace, tab, line feed and carriage return are let through.
  const fine = (byte >= 32 && byte <= 126) || [7, 8, 9, 10, 13].includes(byte);
  return fine ? byte : 95;
}
