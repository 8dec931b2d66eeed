import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { type Ended, runCommand } from "./command.ts";
import { endOf } from "./ending.ts";
import { root } from "./shared.ts";
import { makeHome } from "./signer.ts";

const bin = `${root}packages/signer/bin/cleft.mjs`;

/** A vault below a folder: what `cleft qubes install` writes, and the folder that it serves. */
export interface Vault {
  readonly folder: string;
  readonly configDir: string;
  readonly socket: string;
  readonly installed: Ended;
  /** A file of the installation, by its path on Qubes. */
  at(path: string): string;
  /** Replaces what opens the signer's window by lines of sh. */
  startBy(lines: string): void;
  /** Lets a call start the real signer, which has no window: what needs a person is refused. */
  startReally(): void;
  /** The processes of the signers that calls have started. */
  pids(): readonly number[];
  /** Calls a service as qrexec does, with its environment and whatever else is said. */
  call(env?: Readonly<Record<string, string>>): Call;
  remove(): void;
}

/** Installs a vault. */
export function installVault(args: readonly string[] = []): Vault {
  const { folder, remove } = makeHome({ sample: false });
  const [root, configDir, home] = [join(folder, "root"), join(folder, "c"), join(folder, "home")];
  const place = { env: { ...process.env, HOME: home } };
  const words = ["--configdir", configDir, "qubes", "install", "--role", "vault", "--root", root];
  const installed = runCommand([...words, ...args], [], place);
  const at = (path: string) => join(root, path);
  const service = at("/usr/local/etc/qubes-rpc/qubes.Clefsign");
  const start = at("/usr/local/bin/cleft-vault-start");
  const calls = new Set<Call>();
  const startBy = (lines: string) => {
    writeFileSync(start, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    const text = readFileSync(service, "utf8");
    writeFileSync(service, text.replace(" /usr/local/bin/cleft-vault-start", ` '${start}'`));
  };
  const pidFile = join(folder, "pids");
  const pids = () =>
    existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim().split("\n").map(Number) : [];
  return {
    ...{ folder, configDir, installed, at, socket: join(configDir, "qrexec.sock") },
    startBy,
    pids,
    startReally: () =>
      startBy(`echo $$ >>'${pidFile}'
env >'${folder}/env'
ls -l /proc/$$/fd >'${folder}/fds'
exec '${process.execPath}' '${bin}' --configdir '${configDir}' --keystore '${folder}/keystore' \\
  --qrexec --suppress-bootwarn </dev/null`),
    call(env = caller) {
      const call = new Call(spawn(service, [], { env: { HOME: home, ...env }, cwd: "/" }));
      calls.add(call);
      return call;
    },
    remove() {
      for (const { child } of calls) child.kill("SIGKILL");
      for (const pid of pids()) if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
      remove();
    },
  };
}

/** The environment of a call by the qube `work`. */
export const caller = {
  QREXEC_REMOTE_DOMAIN: "work",
  QREXEC_SERVICE_FULL_NAME: "qubes.Clefsign+",
} as const;

/** A call's process, and what it said. */
export class Call {
  readonly child: ChildProcess;
  private texts = { out: "", err: "" };
  readonly ended: Promise<{ exit: number | string; out: string; err: string }>;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdin?.on("error", () => undefined);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.texts.out += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.texts.err += text;
    });
    this.ended = endOf(child, "close").then((exit) => ({ exit, ...this.texts }));
  }

  get out(): string {
    return this.texts.out;
  }

  say(text: string): this {
    this.child.stdin?.write(text);
    return this;
  }

  end(text = ""): this {
    this.child.stdin?.end(text);
    return this;
  }
}

/** Somebody at the signer's socket who does what a test wants, and remembers what came. */
export async function standIn(
  path: string,
  onEnd: (socket: Socket, text: string) => void,
): Promise<{ server: Server; sockets: Socket[]; texts: () => readonly string[]; stop(): void }> {
  mkdirSync(join(path, ".."), { recursive: true });
  const texts = new Map<Socket, string>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    texts.set(socket, "");
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (text: string) => {
      texts.set(socket, (texts.get(socket) ?? "") + text);
    });
    socket.on("end", () => onEnd(socket, texts.get(socket) ?? ""));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    server,
    get sockets() {
      return [...texts.keys()];
    },
    texts: () => [...texts.values()],
    stop() {
      for (const socket of texts.keys()) socket.destroy();
      server.close();
    },
  };
}
