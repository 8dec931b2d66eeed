import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { type Finding, ok, warn, wrong } from "@cleft/protocol/doctor.ts";
import { isObject, type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { Failure, messageOf, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Http } from "../upstream/http.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Way } from "./config.ts";
import { clientProgram } from "./open-upstream.ts";
import { client } from "./version.ts";

/** Where the agent of a qube listens for its own calls. */
const agentSocket = "/var/run/qubes/qrexec-agent";

const question: JsonValue = parseJson(
  '{"jsonrpc":"2.0","id":1,"method":"account_version"}',
  limits.json,
);

/** Looks at what the way to the signer needs on this side. `program` is this one, as it is called. */
export async function checkWay(way: Way, program: string): Promise<readonly Finding[]> {
  switch (way.kind) {
    case "qrexec":
      return [await checkClient(clientProgram(way.program), program), await checkAgent(program)];
    case "ipc":
      return [await checkSocket(way.path)];
    case "http":
      return [];
  }
}

/**
 * Why every request will fail, where that can be told before the first one: there is no qrexec. Who
 * names another client is believed to have what it needs.
 */
export async function checkQrexec(way: Way, program: string): Promise<Finding | undefined> {
  if (way.kind !== "qrexec") return undefined;
  const found = await checkWay(way, program);
  return found.slice(0, way.program === undefined ? 2 : 1).find(({ state }) => state !== "ok");
}

/** Asks the signer for its version, all the way. */
export async function checkCall(upstream: Upstream, stop: AbortSignal): Promise<Finding> {
  const { name } = upstream;
  const inTime = AbortSignal.timeout(limits.doctorMs);
  try {
    const claims = { origin: "", host: "doctor", userAgent: client, remote: "" };
    const signal = AbortSignal.any([inTime, stop]);
    const reply = await upstream.call({ rpc: question, claims }, signal);
    return ok(`${name}: the signer answers, account_version ${versionIn(reply)}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (inTime.aborted) return wrong(`${name}: ${unanswered}`, answerIt);
    return wrong(`${name}: ${error.what}`, error.hint);
  }
}

const unanswered = `nobody answered in ${limits.doctorMs / 1000} seconds`;
const answerIt =
  "answer dom0's question if there is one; log in to the signer's qube, or start a program there: " +
  "without a session the signer has no window";

/** Looks whether the port is free, or whose it is. */
export async function checkPort(place: { host: string; port: number }): Promise<Finding> {
  const where = place.host.includes(":") ? `[${place.host}]` : place.host;
  const url = `${where}:${place.port}`;
  const problem = await problemOf(place);
  if (problem === undefined) return ok(`${url} is free`);
  if (systemCode(problem) !== "EADDRINUSE") {
    const hint = "choose another --listen or --port";
    return warn(`${url} can't be listened on: ${reasonOf(problem)}`, hint);
  }
  if (await isSigner(new URL(`http://${url}`))) {
    return ok(`${url} is a dispatcher's, or a signer's, that runs`);
  }
  return wrong(`${url} is another program's`, "stop it, or choose another --port");
}

async function checkClient(path: string, program: string): Promise<Finding> {
  try {
    await access(path, constants.X_OK);
    return ok(`${path} can be run`);
  } catch (error) {
    const hint = `${onPlainHost(program)}; in a qube, install qubes-core-qrexec in its template`;
    return wrong(`${path} can't be run: ${reasonOf(error)}`, hint);
  }
}

async function checkAgent(program: string): Promise<Finding> {
  const isThere = await stat(agentSocket).then(
    () => true,
    () => false,
  );
  if (isThere) return ok(`${agentSocket} is there`);
  const hint = `${onPlainHost(program)}; in a qube, look whether qubes-qrexec-agent runs`;
  return warn(`there is no ${agentSocket}: this is no qube, or its agent is down`, hint);
}

function onPlainHost(program: string): string {
  return `on a plain host, ${program} --ipc PATH or --http URL`;
}

async function checkSocket(path: string): Promise<Finding> {
  try {
    if ((await stat(path)).isSocket()) return ok(`${path} is a socket`);
    return wrong(`${path} is no socket`, "give --ipc the signer's clef.ipc");
  } catch (error) {
    const hint = "start the signer without --ipcdisable, and give --ipc the socket that it names";
    return wrong(`${path} can't be reached: ${reasonOf(error)}`, hint);
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
