import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import type { Clock } from "../../domain/clock.ts";
import { Failure, messageOf, systemCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { http } from "../rpc/dialect.ts";
import { parseErrorReply } from "../rpc/envelope.ts";
import { isHostMissing, refuseBytes, refuseHost } from "./bad-request.ts";
import { Body } from "./body.ts";
import { boundConnections } from "./connections.ts";
import { compressed } from "./gzip.ts";
import { isAllowedHost } from "./host.ts";
import { callerOf, watchCaller } from "./http-caller.ts";
import type { Serve, Transport } from "./transport.ts";

export interface HttpSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names that a Host header may have besides the address itself; `*` is any. */
  readonly vhosts: readonly string[];
}

/** Refused before anything of the body counts: status and Clef's text. */
interface Refusal {
  readonly status: number;
  readonly text: string;
}

const contentTypes = new Set([
  "application/json",
  "application/json-rpc",
  "application/jsonrequest",
]);

/** HTTP/1.1 on a loopback address: POST and JSON only. Who speaks is any program of this machine. */
export function httpTransport(settings: HttpSettings, { clock }: { clock: Clock }): Transport {
  const server = createServer({
    maxHeaderSize: limits.headBytesMax,
    requestTimeout: limits.requestReadMs,
    headersTimeout: limits.headReadMs,
    connectionsCheckingInterval: limits.slowClientCheckMs,
    keepAliveTimeout: limits.keepAliveMs,
    noDelay: true,
    // Clef says what is missing; Node would say nothing.
    requireHostHeader: false,
  });
  const isServed = boundConnections(server, limits.connectionsMax);
  // Beyond idle ones: what all of them hold open together.
  server.maxConnections = 2 * limits.connectionsMax;
  const bodies = new Set<Body>();
  // A client may close its sending half and still wait for the answer.
  Object.assign(server, { httpAllowHalfOpen: true });

  return {
    async open(serve) {
      server.on("request", (request, response) => {
        // What fails here is the connection; a bug has been told by `serve` already.
        exchange(request, response, { serve, settings, server, clock, bodies }).catch(() =>
          response.destroy(),
        );
      });
      // Whoever asks before sending a body: `exchange` says yes once it isn't refused.
      server.on("checkContinue", (request, response) => {
        server.emit("request", request, response);
      });
      server.on("clientError", (error, socket) => {
        // Behind an answer that goes out, a second one would be read as the next request's.
        if (isServed(socket)) socket.end(() => socket.destroy());
        else refuseBytes(error, socket);
      });
      await listen(server, settings);
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : settings.port;
      return `http://${isIPv6(settings.host) ? `[${settings.host}]` : settings.host}:${port}/`;
    },

    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const cancel = clock.after(limits.drainMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
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
  const gone = watchCaller(request, response, clock);
  if (isHostMissing(request)) return refuseHost(request.socket);
  const refusal = refusalOf(request, settings);
  if (refusal !== undefined) {
    sayText(response, refusal);
    return discard(request, response);
  }
  if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
  const body = new Body(request, bodies);
  try {
    const problem = await body.read();
    if (problem === "long") {
      sayJson(response, parseErrorReply, { close: true });
      return await discard(request, response);
    }
    if (problem === "crowded") {
      sayText(response, crowded);
      return await discard(request, response);
    }
    const untrustedBody = body.take();
    const reply = await serve({
      untrustedBody,
      caller: callerOf(request),
      dialect: http,
      signal: gone,
    });
    // Once the server is closing, an idle connection would only hold it up.
    // Notifications get an empty reply.
    const sent = compressed(reply ?? "", request.headers["accept-encoding"]);
    sayJson(response, sent.body, { close: !server.listening, encoding: sent.encoding });
    response.end();
  } finally {
    body.release();
  }
}

const crowded: Refusal = { status: 503, text: "too much is being read, try again later" };

function refusalOf(request: IncomingMessage, settings: HttpSettings): Refusal | undefined {
  const { host, origin } = request.headers;
  const boundAddress = request.socket.localAddress ?? "";
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name));
  if (hosts.length > 1 || !isAllowedHost(host, { vhosts: settings.vhosts, boundAddress })) {
    return { status: 403, text: "invalid host specified" };
  }
  if (origin !== undefined) {
    return { status: 403, text: "requests of a web page are refused, ask from a program" };
  }
  if (request.method !== "POST") return { status: 405, text: "method not allowed" };
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > limits.bodyBytesMax) {
    return { status: 413, text: `content length too large (${length}>${limits.bodyBytesMax})` };
  }
  const [type] = (request.headers["content-type"] ?? "").split(";");
  if (!contentTypes.has(type?.trim().toLowerCase() ?? "")) {
    return { status: 415, text: "invalid content type, only application/json is supported" };
  }
  return undefined;
}

/**
 * Ends a reply that came before the request's end. A socket that is closed with bytes unread is
 * reset, and a client that is still writing would never see why, so some of them are read first.
 */
async function discard(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limits.discardBytesMax) break;
  }
  response.end();
}

/** Where Go's words for a status are not Node's. */
const reasons = new Map([[413, "Request Entity Too Large"]]);

function sayText(response: ServerResponse, { status, text }: Refusal): void {
  const body = `${text}\n`;
  response.writeHead(status, reasons.get(status), {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  });
  response.write(body);
}

function sayJson(
  response: ServerResponse,
  body: string | Uint8Array,
  { close, encoding }: { close: boolean; encoding?: string | undefined },
): void {
  response.writeHead(200, {
    ...(encoding === undefined ? {} : { "Content-Encoding": encoding }),
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    ...(close ? { Connection: "close" } : {}),
  });
  response.write(body);
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
