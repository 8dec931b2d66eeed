import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { endOf } from "../ending.ts";
import type { World } from "./world.ts";

/** A `qrexec-client-vm` that runs. */
export interface Calling {
  readonly child: ChildProcessWithoutNullStreams;
  /** What came on stdout so far, a byte a character. */
  out(): string;
  err(): string;
  /** Whether the service has ended its output. */
  hasEnded(): boolean;
  /** The exit code, or the signal. */
  readonly exit: Promise<number | string>;
  /** Waits until stdout has a text. */
  until(text: string): Promise<void>;
}

/** Starts a qube's client; its stdin stays open. */
export function startCall(world: World, qube: string, args: readonly string[]): Calling {
  const child = spawn(world.clientPath(qube), args);
  let [out, err, ended] = ["", "", false];
  child.stdin.on("error", () => undefined);
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    out += text;
  });
  child.stdout.on("end", () => {
    ended = true;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const exit = endOf(child, "close");
  const until = (text: string) =>
    waitFor(
      () => out.includes(text),
      () => `${text} in ${out}`,
    );
  return { child, out: () => out, err: () => err, hasEnded: () => ended, exit, until };
}

/** What a call left behind. */
export interface Called {
  readonly exit: number | string;
  readonly out: string;
  readonly err: string;
}

/** Calls with an input from its first byte to the end. */
export async function callOnce(
  world: World,
  qube: string,
  args: readonly string[],
  input = "",
): Promise<Called> {
  const { child, exit, out, err } = startCall(world, qube, args);
  child.stdin.end(input);
  return { exit: await exit, out: out(), err: err() };
}

/** Puts a program into a qube as a service. */
export function addProgram(world: World, qube: string, name: string, text: string): string {
  const path = join(world.rpcFolder(qube), name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** Puts a service into a qube that listens on a socket, and serves each connection. */
export async function addSocket(
  world: World,
  qube: string,
  name: string,
  serve: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    serve(socket);
  });
  const path = join(world.rpcFolder(qube), name);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** Waits for something that is about to happen. */
export async function waitFor(is: () => boolean, what: () => string): Promise<void> {
  for (let tries = 0; !is(); tries++) {
    if (tries > 1000) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
