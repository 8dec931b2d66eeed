import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname, join } from "node:path";
import { Failure, isSystemError, messageOf, systemCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/** A server's socket in the file system. */
export interface SocketFile {
  /** Removes it, unless another one lies there by now. */
  remove(): Promise<void>;
}

/** Where a server listens, and how the messages speak of it. */
export interface SocketPlace {
  readonly path: string;
  /** What is served there, e.g. `IPC`. */
  readonly api: string;
  /** What says where it is, as the user spells it, e.g. `--ipcpath`. */
  readonly folderSetting: string;
  /** What does without it; absent if nothing does. */
  readonly offSetting?: string;
}

/**
 * Makes a server listen at a path, mode 0600. A socket whose program has ended is replaced; one that
 * somebody listens at, and anything that is no socket, stays where it is.
 * @throws Failure `transport.refused`
 */
export async function listenAt(server: Server, place: SocketPlace): Promise<SocketFile> {
  const { path, folderSetting } = place;
  const length = Buffer.byteLength(path);
  if (length > limits.socketPathBytesMax) {
    throw refused(place, "bind: invalid argument", {
      hint: `the path has ${length} bytes, the system takes ${limits.socketPathBytesMax}: choose a shorter ${folderSetting}`,
    });
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await checkFree(place);
    await listenBeside(server, path);
    const { ino, dev } = await lstat(path);
    return {
      async remove() {
        const now = await lstat(path).catch(() => undefined);
        if (now?.ino === ino && now.dev === dev) await unlink(path);
      },
    };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const without = place.offSetting === undefined ? "" : `, or do without it: ${place.offSetting}`;
    const hint = `choose another folder with ${folderSetting}${without}`;
    throw refused(place, `bind: ${messageOf(error)}`, { hint, cause: error });
  }
}

/**
 * Under another name first, then renamed: a stale socket is replaced in one step, and Node, which
 * removes whatever lies where a server was made, finds nothing there in the end.
 */
async function listenBeside(server: Server, path: string): Promise<void> {
  // Not longer than any name that was asked for: the length of the path is short.
  const beside = join(dirname(path), randomBytes(4).toString("hex"));
  const before = process.umask(0o177);
  try {
    // The socket is made in this very call.
    server.listen({ path: beside });
  } finally {
    process.umask(before);
  }
  await new Promise<void>((resolve, reject) => {
    // For ever: an error that comes later is one connection's, which wasn't accepted.
    server.once("listening", resolve).on("error", reject);
  });
  await rename(beside, path).catch((error: unknown) => {
    server.close();
    throw error;
  });
}

async function checkFree(place: SocketPlace): Promise<void> {
  const { path, folderSetting } = place;
  const status = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (status === undefined) return;
  if (!status.isSocket()) {
    throw refused(place, "bind: there is something that is no socket", {
      hint: `move it away, or choose another folder with ${folderSetting}`,
    });
  }
  if (await isStale(path)) return;
  throw refused(place, "bind: address already in use", {
    hint: `stop the program that listens there, or choose another folder with ${folderSetting}`,
  });
}

/** Whether nobody listens at a socket any more. What can't be told counts as somebody. */
function isStale(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error) => {
      const code = systemCode(error);
      resolve(code === "ECONNREFUSED" || code === "ENOENT");
    });
  });
}

function refused(
  { api, path }: SocketPlace,
  reason: string,
  more: { hint: string; cause?: unknown },
): Failure {
  const message = `Could not start ${api} api: listen unix ${path}: ${reason}`;
  return new Failure("transport.refused", message, more);
}
