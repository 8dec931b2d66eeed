import { createServer, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { Connections } from "@cleft/protocol/connections.ts";
import { closeServer, guard, serverOptions } from "@cleft/protocol/http/guard.ts";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import type { Clock } from "../domain/clock.ts";
import { Failure, systemCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { Rules } from "./checks.ts";
import { type ExchangeParts, exchange } from "./exchange.ts";

/** Where it listens, and whom it serves. */
export interface ServerSettings extends Rules {
  /** Addresses of this machine. One of IPv6 is left out where there is no IPv6. */
  readonly addresses: readonly string[];
  /** The same on all; 0 takes any free one. */
  readonly port: number;
}

export interface ServerParts {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running server. */
export interface Serving {
  readonly urls: readonly string[];
  /** Takes no more requests, waits for open ones at most `drainMs`, then cuts. */
  close(): Promise<void>;
}

/** Serves HTTP/1.1 on all addresses. @throws Failure `address.refused` when one can't be had */
export async function serve(settings: ServerSettings, parts: ServerParts): Promise<Serving> {
  let isClosing = false;
  const exchangeParts: ExchangeParts = {
    ...parts,
    rules: settings,
    connections: new Connections(limits.connectionsMax),
    bodies: new Set(),
    isClosing: () => isClosing,
  };
  const servers: Server[] = [];
  const close = async () => {
    isClosing = true;
    await Promise.all(
      servers.map((server) => closeServer(server, { timer: parts.clock, drainMs: limits.drainMs })),
    );
  };
  const urls: string[] = [];
  let { port } = settings;
  try {
    for (const host of settings.addresses) {
      const server = makeServer(exchangeParts, parts.log);
      if (!(await listen(server, { host, port }, parts.log))) continue;
      servers.push(server);
      port = portOf(server, port);
      urls.push(`http://${nameOf(host)}:${port}/`);
    }
  } catch (error) {
    await close();
    throw error;
  }
  if (urls.length === 0) throw new Failure("address.refused", "no address can be listened on");
  return { urls, close };
}

function makeServer(parts: ExchangeParts, log: Log): Server {
  const server = createServer(serverOptions);
  guard(server, parts.connections);
  server.on("request", (request, response) => {
    exchange(request, response, parts).catch((error: unknown) => {
      response.destroy();
      // What has a code is a connection that broke.
      if (systemCode(error) === undefined) log.warn(`a bug, please report it: ${traceOf(error)}`);
    });
  });
  return server;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Listens, or returns false where this machine has no IPv6. */
function listen(server: Server, place: Place, log: Log): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.on("error", (error) => {
      const code = systemCode(error) ?? "";
      if (!isIPv6(place.host) || !noSuchAddress.has(code)) return reject(refused(place, error));
      log.info(`not listening on ${nameOf(place.host)}: this machine has no such address`);
      resolve(false);
    });
    server.listen({ ...place, ipv6Only: true }, () => resolve(true));
  });
}

const noSuchAddress = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function refused({ host, port }: Place, error: Error): Failure {
  return new Failure(
    "address.refused",
    `can't listen on ${nameOf(host)}:${port}: ${reasonOf(error)}`,
    error,
  );
}

function portOf(server: Server, otherwise: number): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : otherwise;
}

function nameOf(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
