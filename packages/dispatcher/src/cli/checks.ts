import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { type Finding, ok, warn, wrong } from "@cleft/protocol/doctor.ts";
import { isObject, type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { Failure, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Http } from "../upstream/http.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Way } from "./config.ts";
import { clientProgram } from "./open-upstream.ts";
import { client } from "./version.ts";

/** What the check of this name found. */
export interface Checked extends Finding {
  readonly check: string;
  /** What was heard, besides. */
  readonly detail?: string;
}

/** Where the agent of a qube listens for its own calls. */
const agentSocket = "/var/run/qubes/qrexec-agent";

const question: JsonValue = parseJson(
  '{"jsonrpc":"2.0","id":1,"method":"account_version"}',
  limits.json,
);

/** Looks at what the way to the signer needs on this side. */
export async function checkWay(way: Way): Promise<readonly Checked[]> {
  switch (way.kind) {
    case "qrexec":
      return [await checkProgram(clientProgram(way.program)), await checkQubes()];
    case "ipc":
      return [await checkSocket(way.path)];
    case "http":
      return [];
  }
}

/** Asks the signer for its version, all the way. */
export async function checkCall(upstream: Upstream, stop: AbortSignal): Promise<Checked> {
  const check = "call";
  const inTime = AbortSignal.timeout(limits.doctorMs);
  try {
    const claims = { origin: "", host: "doctor", userAgent: client, remote: "" };
    const signal = AbortSignal.any([inTime, stop]);
    const reply = await upstream.call({ rpc: question, claims }, signal);
    return { check, ...ok(`${upstream.name}: account_version ${versionIn(reply)}`) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (inTime.aborted) return { check, ...wrong(unanswered, answerIt) };
    const { sentence, hint, message } = error;
    const detail = message === sentence ? "" : `: ${message}`;
    return { check, ...wrong(sentence, hint), detail };
  }
}

const unanswered = `nobody answered in ${limits.doctorMs / 1000} seconds`;
const answerIt =
  "answer dom0's question if there is one; log in to the signer's qube, or start a program there: " +
  "without a session the signer has no window";

/** Looks whether the port is free, or whose it is. */
export async function checkPort(place: { host: string; port: number }): Promise<Checked> {
  const where = place.host.includes(":") ? `[${place.host}]` : place.host;
  const check = "port";
  const url = `${where}:${place.port}`;
  const problem = await problemOf(place);
  if (problem === undefined) return { check, ...ok(`${url} is free`) };
  if (systemCode(problem) !== "EADDRINUSE") {
    return { check, ...warn(`${url} can't be listened on: ${problem.message}`) };
  }
  if (await isSigner(new URL(`http://${url}`))) {
    return { check, ...ok(`${url} is a dispatcher's, or a signer's, that runs`) };
  }
  const hint = "stop it, or choose another --port";
  return { check, ...wrong(`another program has ${url}`, hint) };
}

async function checkProgram(path: string): Promise<Checked> {
  const check = "client program";
  try {
    await access(path, constants.X_OK);
    return { check, ...ok(path) };
  } catch {
    const hint =
      "in a qube, install qubes-core-qrexec in its template; elsewhere say --ipc or --http";
    return { check, ...wrong(`${path} can't be run`, hint) };
  }
}

async function checkQubes(): Promise<Checked> {
  const check = "qube";
  const isThere = await stat(agentSocket).then(
    () => true,
    () => false,
  );
  if (isThere) return { check, ...ok("the qrexec agent is here") };
  const what = `${agentSocket} isn't there: this is no qube, or its agent is down`;
  return { check, ...warn(what) };
}

async function checkSocket(path: string): Promise<Checked> {
  const check = "socket";
  try {
    if ((await stat(path)).isSocket()) return { check, ...ok(path) };
    return { check, ...wrong(`${path} is no socket`, "name the signer's clef.ipc") };
  } catch (error) {
    const hint = "start cleft without --ipcdisable, or compare its --ipcpath";
    return { check, ...wrong(messageOf(error), hint) };
  }
}

function problemOf({ host, port }: { host: string; port: number }): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, ipv6Only: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Whether what listens there speaks JSON-RPC, even if only to say what it lacks. */
async function isSigner(url: URL): Promise<boolean> {
  const claims = { origin: "", host: "doctor", userAgent: client, remote: "" };
  const asked = { rpc: question, claims };
  const signal = AbortSignal.timeout(limits.connectMs);
  return new Http({ url, token: undefined, client }).call(asked, signal).then(
    (reply = "") => reply.includes('"jsonrpc"'),
    (error: unknown) => messageOf(error).includes('"jsonrpc"'),
  );
}

function versionIn(reply = ""): string {
  const body = parseJson(reply.trim(), limits.json);
  const result = isObject(body) ? body.get("result") : undefined;
  return typeof result === "string" ? result : reply.trim();
}
