import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { limits } from "../../domain/limits.ts";
import type { Channel, Ending, OpenChannel } from "./channel.ts";

/** Which program is run, and whom it calls. */
export interface Callee {
  readonly program: string;
  /** A qube or `@default`, which leaves it to dom0's policy. */
  readonly target: string;
  /** The service's argument, empty for none. */
  readonly profile: string;
}

/** What a client is called with. */
export function argumentsFor({ target, profile }: Callee): readonly string[] {
  return ["--", target, profile === "" ? "qubes.Clefsign" : `qubes.Clefsign+${profile}`];
}

/** Runs `qrexec-client-vm`. */
export function spawning(callee: Callee): OpenChannel {
  return () => {
    try {
      return channelOf(spawn(callee.program, argumentsFor(callee), { stdio: "pipe" }));
    } catch (cause) {
      return deadChannel({ kind: "unspawned", cause });
    }
  };
}

function channelOf(child: ChildProcess): Channel {
  const { stdin, stdout, stderr } = child;
  // No pipes: Node couldn't make them.
  if (stdin === null || stdout === null || stderr === null) {
    return deadChannel({ kind: "unspawned", cause: new Error("no pipes") });
  }
  const words = new Tail(limits.stderrBytesMax);
  stderr.on("data", (chunk: Buffer) => words.push(chunk));
  const ended = new Promise<Ending>((resolve) => {
    child.once("error", (cause) => resolve({ kind: "unspawned", cause }));
    child.once("close", (code, signal) => {
      const stderr = words.text();
      if (code !== null) resolve({ kind: "exit", code, stderr });
      else resolve({ kind: "killed", by: signal ?? "", stderr });
    });
  });
  return { input: stdin, output: stdout, ended, kill: () => void child.kill("SIGKILL") };
}

function deadChannel(ending: Ending): Channel {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, ended: Promise.resolve(ending), kill: () => undefined };
}

/** The last bytes of what is written. */
class Tail {
  private readonly bytesMax: number;
  private kept = Buffer.alloc(0);

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  push(chunk: Buffer): void {
    const both = Buffer.concat([this.kept, chunk]);
    this.kept = Buffer.from(both.subarray(Math.max(0, both.length - this.bytesMax)));
  }

  text(): string {
    return this.kept.toString("utf8").trim();
  }
}
