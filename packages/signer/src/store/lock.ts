import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { Failure, isSystemError, systemCode } from "../domain/failure.ts";

/** Held until it is released or the process ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a configuration directory for this process. The lock is an abstract socket, which the
 * kernel takes away with its process; the pid file only serves the message.
 * @throws Failure `instance.running`
 */
export async function lockFolder(folder: string): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(folder, "cleft.pid");
  const holder = await listenAbstract(await lockName(folder)).catch(async (error: unknown) => {
    if (systemCode(error) !== "EADDRINUSE") throw error;
    const pid = await readFile(pidFile, "utf8").catch(() => "");
    const named = /^\d{1,10}$/.test(pid) ? ` (process ${pid})` : "";
    throw new Failure("instance.running", `another cleft${named} uses ${folder}`, {
      hint: "stop it, or give this one its own --configdir",
      cause: error,
    });
  });
  const removePid = () => rm(pidFile, { force: true }).catch(ignored);
  await removePid();
  await writeFile(pidFile, String(process.pid), { mode: 0o600, flag: "wx" }).catch(ignored);
  return {
    async release() {
      await removePid();
      await new Promise<void>((done) => holder.close(() => done()));
    },
  };
}

/** A full disk is no reason to lose the lock: the file only serves a message. */
function ignored(error: unknown): void {
  if (!isSystemError(error)) throw error;
}

/** The real path, so that two spellings of one folder meet; the user, so that names don't clash. */
async function lockName(folder: string): Promise<string> {
  const digest = createHash("sha256")
    .update(`${process.getuid?.() ?? 0}:${await realpath(folder)}`)
    .digest("hex");
  return `\0cleft-${digest}`;
}

function listenAbstract(name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ path: name }, () => {
      server.unref();
      resolve(server);
    });
  });
}
