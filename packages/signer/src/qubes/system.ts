import type { Stats } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { connect } from "node:net";
import { limits } from "../domain/limits.ts";
import type { FileStatus, System } from "./check.ts";
import { readText } from "./read-text.ts";

/** The real machine. `signer` asks the running one. */
export function systemOf({ env, signer }: Pick<System, "env" | "signer">): System {
  return {
    env,
    signer,
    status,
    target,
    read: readText,
    list: (path) => readdir(path).catch(() => []),
    listens,
    interfaces: () => readdir("/sys/class/net").catch(() => []),
  };
}

async function status(path: string): Promise<FileStatus | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) return { kind: "link", mode: found.mode, to: await readlink(path) };
  return statusOf(found);
}

async function target(path: string): Promise<FileStatus | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : statusOf(found);
}

function statusOf(found: Stats): FileStatus {
  const { mode } = found;
  if (found.isFile()) return { kind: "file", mode };
  if (found.isDirectory()) return { kind: "folder", mode };
  return { kind: found.isSocket() ? "socket" : "other", mode };
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: limits.controlReadMs });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once("connect", () => end(true));
    for (const failed of ["error", "timeout"]) socket.once(failed, () => end(false));
  });
}
