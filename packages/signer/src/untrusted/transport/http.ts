import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIPv6, type Socket } from "node:net";
import { Connections } from "@cleft/protocol/connections.ts";
import { isHostMissing, namesManyHosts, refuseHost } from "@cleft/protocol/http/bad-request.ts";
import { Body } from "@cleft/protocol/http/body.ts";
import { closeServer, guard, serverOptions } from "@cleft/protocol/http/guard.ts";
import {
  crowded,
  isJsonType,
  type Refusal,
  refusalOfLength,
  sayJson,
  sayText,
  sayUnread,
  wrongType,
} from "@cleft/protocol/http/reply.ts";
import { watchCaller } from "@cleft/protocol/http/watch-caller.ts";
import type { Clock } from "../../domain/clock.ts";
import { Failure, messageOf, systemCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { http } from "../rpc/dialect.ts";
import { parseErrorReply } from "../rpc/envelope.ts";
import { compressed } from "./gzip.ts";
import { isAllowedHost } from "./host.ts";
import { callerOf } from "./http-caller.ts";
import type { Serve, Transport } from "./transport.ts";

export interface HttpSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names that a Host header may have besides the address itself; `*` is any. */
  readonly vhosts: readonly string[];
}

/** HTTP/1.1 on a loopback address: POST and JSON only. Who speaks is any program of this machine. */
export function httpTransport(settings: HttpSettings, { clock }: { clock: Clock }): Transport {
  const server = createServer(serverOptions);
  guard(server, new Connections<Socket>(limits.connectionsMax));
  const bodies = new Set<Body>();

  return {
    async open(serve) {
      server.on("request", (request, response) => {
        // What fails here is the connection; a bug has been told by `serve` already.
        exchange(request, response, { serve, settings, server, clock, bodies }).catch(() =>
          response.destroy(),
        );
      });
      await listen(server, settings);
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : settings.port;
      return `http://${isIPv6(settings.host) ? `[${settings.host}]` : settings.host}:${port}/`;
    },

    close: () => closeServer(server, { timer: clock, drainMs: limits.drainMs }),
  };
}

interface ExchangeParts {
  readonly serve: Serve;
  readonly settings: HttpSettings;
  readonly server: Server;
  readonly clock: Clock;
  readonly bodies: Set<Body>;
}

async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const { serve, settings, server, clock, bodies } = parts;
  const gone = watchCaller(request, response, { timer: clock, reason: hungUp });
  if (isHostMissing(request)) return refuseHost(request.socket);
  const refusal = refusalOf(request, settings);
  if (refusal !== undefined) return sayText(request, response, refusal);
  if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
  const body = new Body(request, bodies);
  try {
    const problem = await body.read();
    if (problem === "long") return await sayUnread(request, response, parseErrorReply);
    if (problem === "crowded") return await sayText(request, response, crowded);
    const untrustedBody = body.take();
    const reply = await serve({
      untrustedBody,
      caller: callerOf(request),
      dialect: http,
      signal: gone,
    });
    // Notifications get an empty reply.
    const sent = compressed(reply ?? "", request.headers["accept-encoding"]);
    sayJson(response, sent.body, {
      more: {
        ...(sent.encoding === undefined ? {} : { "Content-Encoding": sent.encoding }),
        // Once the server is closing, an idle connection would only hold it up.
        ...(server.listening ? {} : { Connection: "close" }),
      },
    });
  } finally {
    body.release();
  }
}

function hungUp(): Failure {
  return new Failure("request.withdrawn", "the caller hung up");
}

function refusalOf(request: IncomingMessage, settings: HttpSettings): Refusal | undefined {
  const { host, origin } = request.headers;
  const boundAddress = request.socket.localAddress ?? "";
  if (namesManyHosts(request) || !isAllowedHost(host, { vhosts: settings.vhosts, boundAddress })) {
    return { status: 403, text: "invalid host specified" };
  }
  if (origin !== undefined) {
    return { status: 403, text: "requests of a web page are refused, ask from a program" };
  }
  if (request.method !== "POST") return { status: 405, text: "method not allowed" };
  const isJson = isJsonType(request.headers["content-type"]);
  return refusalOfLength(request) ?? (isJson ? undefined : wrongType);
}

function listen(server: Server, { host, port }: HttpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on("error", (error) => {
      const reason =
        systemCode(error) === "EADDRINUSE" ? "address already in use" : messageOf(error);
      const where = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
      reject(
        new Failure(
          "transport.refused",
          `Could not start RPC api: listen tcp ${where}: bind: ${reason}`,
          {
            hint: "choose another --http.port, or stop the program that has this one",
            cause: error,
          },
        ),
      );
    });
    server.listen({ host, port }, resolve);
  });
}
