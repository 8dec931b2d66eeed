import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { isObject, type JsonObject, type JsonValue, parseJsonBytes } from "@cleft/protocol/json.ts";
import {
  Failure,
  isFailureCode,
  isSystemError,
  messageOf,
  systemCode,
} from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Secret } from "../../domain/secret.ts";
import { type ControlRequest, controlFile, encodeControlRequest } from "./control-protocol.ts";

/**
 * Tells the daemon of a configuration directory what to do, until `stop`. A secret is taken over and
 * wiped.
 * @throws Failure of the daemon, `control.absent` if there is none, or `control.failed`
 */
export async function askDaemon(
  configDir: string,
  request: ControlRequest,
  { secret, stop }: { readonly secret?: Secret; readonly stop?: AbortSignal } = {},
): Promise<JsonValue> {
  const socket = await open(configDir);
  // The daemon sees it, and doesn't do what nobody waits for any more.
  const leave = () => socket.destroy(new Failure("aborted", "interrupted"));
  stop?.addEventListener("abort", leave, { once: true });
  socket.setTimeout(limits.controlAnswerMs, () =>
    socket.destroy(
      new Failure("control.failed", "cleft doesn't answer", {
        hint: "look at its terminal: is it stopped? SIGKILL ends it, and the next start mends the rest",
      }),
    ),
  );
  try {
    socket.write(encodeControlRequest(request));
    if (secret !== undefined) await sendSecret(socket, secret);
    const chunks: Uint8Array[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return resultOf(Buffer.concat(chunks));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure("control.failed", `cleft can't be asked: ${messageOf(error)}`, {
      hint: "try again; if it stays so, end the signer with SIGTERM",
      cause: error,
    });
  } finally {
    stop?.removeEventListener("abort", leave);
    secret?.wipe();
    socket.destroy();
  }
}

/** Nobody listens there, or nobody can: no folder, or a path that is too long for a socket. */
const absent = ["ENOENT", "ECONNREFUSED", "ENOTDIR", "EINVAL", "ENAMETOOLONG"];

/** Whether a daemon serves a configuration directory, as far as can be told. */
export async function isServed(configDir: string): Promise<boolean> {
  try {
    (await open(configDir)).destroy();
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === "control.absent") return false;
    throw error;
  }
}

function open(configDir: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: join(configDir, controlFile) });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error) => {
      const isAbsent = absent.includes(systemCode(error) ?? "");
      const reason = isAbsent ? "no cleft is running" : `${error.message}, cleft can't be asked`;
      const hint = "start it, or name its folder with --configdir";
      const code = isAbsent ? "control.absent" : "control.failed";
      reject(new Failure(code, `${reason} with ${configDir}`, { hint, cause: error }));
    });
  });
}

/** The copy is wiped once the system has it. */
function sendSecret(socket: Socket, secret: Secret): Promise<void> {
  const copy = secret.use((bytes) => Buffer.from(bytes));
  return new Promise((resolve) => {
    socket.write(copy, () => {
      copy.fill(0);
      resolve();
    });
  });
}

function resultOf(bytes: Uint8Array): JsonValue {
  const reply = bytes.length === 0 ? null : parseJsonBytes(bytes, limits.json);
  if (!isObject(reply)) throw new Failure("control.failed", "cleft ended before it answered");
  const error = reply.get("error");
  if (isObject(error)) throw failureOf(error);
  return reply.get("result") ?? null;
}

function failureOf(error: JsonObject): Failure {
  const text = (name: string) => {
    const value = error.get(name);
    return typeof value === "string" ? value : "";
  };
  const [code, hint] = [text("code"), text("hint")];
  const known = isFailureCode(code) ? code : "control.failed";
  return new Failure(known, text("message"), hint === "" ? {} : { hint });
}
