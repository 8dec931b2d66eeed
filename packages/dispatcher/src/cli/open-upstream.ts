import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { realClock } from "../domain/clock.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import { Http } from "../upstream/http.ts";
import { Ipc } from "../upstream/ipc.ts";
import { Qrexec } from "../upstream/qrexec/qrexec.ts";
import { spawning } from "../upstream/qrexec/spawn.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Way } from "./config.ts";
import { usage } from "./flags.ts";
import { client } from "./version.ts";

const usualClient = "/usr/bin/qrexec-client-vm";

/** Makes the way to the signer; nothing is opened yet. @throws Failure `usage` */
export async function openUpstream(way: Way, log: Log): Promise<Upstream> {
  switch (way.kind) {
    case "qrexec":
      return qrexecOf(way, log);
    case "ipc":
      return new Ipc(way.path);
    case "http": {
      const token = way.tokenFile === undefined ? undefined : await readToken(way.tokenFile);
      return new Http({ url: way.url, token, client });
    }
  }
}

/** Where the qrexec client is: as told, at its usual place, or wherever PATH finds it. */
export function clientProgram(told: string | undefined, env = process.env): string {
  if (told !== undefined) return told;
  const found = (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "qrexec-client-vm"));
  return [usualClient, ...found].find((path) => existsSync(path)) ?? usualClient;
}

function qrexecOf(way: Extract<Way, { kind: "qrexec" }>, log: Log): Upstream {
  const { target, profile } = way;
  const name = `qrexec ${target}${profile === "" ? "" : `+${profile}`}`;
  const callee = { program: clientProgram(way.program), target, profile };
  return new Qrexec({
    name,
    client,
    open: spawning(callee),
    clock: realClock,
    random: Math.random,
    newId: () => randomBytes(16).toString("hex"),
    opened: ({ qube, profile: as }) =>
      log.info(`${name}: the signer is there and calls us ${qube}${as === "" ? "" : ` (${as})`}`),
  });
}

/** A token that others can read is everybody's. */
async function readToken(path: string): Promise<string> {
  const file = await open(path).catch((error: unknown) => {
    throw usage(`can't read the token in ${path}: ${reasonOf(error)}`);
  });
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) throw usage(`others can read ${path}, change its mode to 0600`);
    if (size > limits.tokenBytesMax) throw usage(`${path} is too long for a token`);
    const token = (await file.readFile("utf8")).trim();
    if (!/^[!-~]+$/.test(token)) throw usage(`expected one token of printable ASCII in ${path}`);
    return token;
  } finally {
    await file.close();
  }
}
