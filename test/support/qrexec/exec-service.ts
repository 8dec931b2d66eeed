import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { exitCode } from "./client-ends.ts";
import { chop, Inflow, Outflow, once } from "./flow.ts";
import type { Running, Start } from "./running.ts";

/** Starts programs as services; it keeps a stock of pipes in a folder. */
export class Launcher {
  private readonly folder: string;
  private stock: string[] = [];
  private made = 0;
  private readonly children = new Set<ChildProcess>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Starts a service's program in a session of its own, with a clean environment, in its home. Its
   * stdin and stdout are sockets and its stderr is a pipe. What can't be started ends with 125.
   */
  start(start: Start): Running {
    const pipe = this.makePipe();
    const child = spawn(...commandOf(start), {
      cwd: start.home,
      env: environmentOf(start),
      stdio: ["pipe", "pipe", pipe.writer],
      detached: true,
    });
    closeSync(pipe.writer);
    this.children.add(child);
    child.once("exit", () => this.children.delete(child));
    return joinProgram(
      child,
      new Socket({ fd: pipe.reader, readable: true, writable: false }),
      start,
    );
  }

  /** Ends all services, also those whose caller has gone. */
  killAll(): void {
    for (const child of this.children) killSession(child);
  }

  /** Node makes sockets alone; a named pipe without its name is a pipe. */
  private makePipe(): { reader: number; writer: number } {
    if (this.stock.length === 0) {
      this.stock = Array.from({ length: 16 }, () => join(this.folder, String(this.made++)));
      spawnSync("mkfifo", this.stock);
    }
    const path = this.stock.pop() ?? "";
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    rmSync(path);
    return { reader, writer };
  }
}

function commandOf({ service, name, qube }: Start): [string, string[]] {
  const args = name.argument === "" ? [] : [name.argument];
  if (qube.loginShell !== true) return [service.path, args];
  return ["/bin/sh", ["-lc", 'exec "$0" "$@"', service.path, ...args]];
}

/** Nothing of ours or of the caller's; Node's folder, so that a service can be a script for it. */
function environmentOf({ name, source, qube, home }: Start): Record<string, string> {
  const user = userInfo().username;
  return {
    PATH: `/usr/local/bin:/usr/bin:/bin:${dirname(process.execPath)}`,
    HOME: home,
    USER: user,
    LOGNAME: user,
    ...qube.env,
    QREXEC_REMOTE_DOMAIN: source,
    QREXEC_SERVICE_FULL_NAME: name.full,
    QREXEC_SERVICE_ARGUMENT: name.argument,
    QREXEC_REQUESTED_TARGET_TYPE: "",
    QREXEC_AGENT_PID: String(process.pid),
  };
}

function joinProgram(child: ChildProcess, stderr: Socket, { stream, listener }: Start): Running {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("no streams");
  let [open, code] = [3, 125];
  const close = () => {
    open--;
    if (open === 0) listener.exit(code);
  };
  const ended = once(close);
  child.once("error", ended);
  child.once("exit", (status, signal) => {
    code = exitCode(status, signal);
    ended();
  });
  const { chunk } = stream;
  const [inward, outward] = chunk === undefined ? [] : [chop(chunk), chop(chunk)];
  inward?.pipe(stdin);
  stdin.on("close", () => inward?.resume());
  const inflow = new Inflow(inward ?? stdin, (bytes) => listener.credit(bytes));
  const outflow = new Outflow(outward ? stdout.pipe(outward) : stdout, (bytes) => {
    listener.output(bytes);
    if (bytes.length === 0) close();
  });
  stderr.on("data", (bytes: Buffer) => listener.error(bytes));
  stderr.on("error", () => undefined).once("close", close);
  return {
    input: (bytes) => (bytes.length > 0 ? inflow.write(bytes) : inflow.end()),
    credit: (bytes) => outflow.credit(bytes),
    hangUp() {
      inflow.end();
      stdout.destroy();
      stderr.destroy();
    },
    kill: () => killSession(child),
  };
}

function killSession({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
