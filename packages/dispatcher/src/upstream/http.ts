import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { type ClaimsWire, claimOf } from "@cleft/protocol/clefq/claims.ts";
import { encodeJsonValue } from "@cleft/protocol/json.ts";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { Failure, type FailureCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Turns } from "./turns.ts";
import type { Asked, Upstream } from "./upstream.ts";

export interface HttpSettings {
  readonly url: URL;
  /** Sent as `Authorization: Bearer`; undefined for none. */
  readonly token: string | undefined;
  /** What it says of itself, `name/x.y`. */
  readonly client: string;
}

/**
 * A signer that speaks HTTP. Each request has a connection of its own: hanging up withdraws it, and
 * none is lost on a connection that was just being closed. Nothing is sent twice.
 */
export class Http implements Upstream {
  readonly name: string;
  private readonly settings: HttpSettings;
  private readonly turns = new Turns();

  constructor(settings: HttpSettings) {
    this.name = `http ${settings.url.origin}`;
    this.settings = settings;
  }

  call(asked: Asked, signal: AbortSignal): Promise<string | undefined> {
    return this.turns.run(signal, (either) => this.exchange(asked, either));
  }

  async close(): Promise<void> {
    this.turns.close();
  }

  private exchange({ rpc, claims }: Asked, signal: AbortSignal): Promise<string | undefined> {
    const body = Buffer.from(encodeJsonValue(rpc));
    const progress = { isSent: false };
    return new Promise((resolve, reject) => {
      const request = this.open(body.length, claims, signal);
      const cancelConnect = connectingIn(request, limits.connectMs);
      request.on("socket", (socket) => {
        socket.once(this.isTls ? "secureConnect" : "connect", () => {
          progress.isSent = true;
          cancelConnect();
        });
      });
      request.on("response", (response) => replyOf(response).then(resolve, reject));
      request.on("error", (error) => {
        cancelConnect();
        reject(signal.aborted ? new Failure("request.withdrawn") : lost(error, progress.isSent));
      });
      request.end(body);
    });
  }

  private open(length: number, claims: ClaimsWire, signal: AbortSignal): ClientRequest {
    const { url, token, client } = this.settings;
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": length,
      "User-Agent": agentOf(client, claims),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
    const make = this.isTls ? tlsRequest : plainRequest;
    return make(url, { method: "POST", headers, signal, agent: false });
  }

  private get isTls(): boolean {
    return this.settings.url.protocol === "https:";
  }
}

/**
 * The claims in one: a signer refuses whatever comes with an Origin, and shows the User-Agent as
 * what the caller says of itself.
 */
export function agentOf(client: string, { origin, host, userAgent, remote }: ClaimsWire): string {
  const claims = [
    ...(origin === "" ? [] : [`origin ${origin}`]),
    `host ${host}`,
    `remote ${remote}`,
    `agent ${userAgent}`,
  ];
  return claimOf(`${client} (${claims.join("; ")})`);
}

function connectingIn(request: ClientRequest, ms: number): () => void {
  const timer = setTimeout(() => request.destroy(new Error("no connection in time")), ms);
  return () => clearTimeout(timer);
}

function lost(error: Error, isSent: boolean): Failure {
  return new Failure(isSent ? "outcome.unknown" : "signer.down", reasonOf(error), error);
}

const refusals = new Map<number, FailureCode>([
  [401, "signer.forbidden"],
  [403, "signer.forbidden"],
  [413, "request.long"],
  [503, "queue.full"],
]);

async function replyOf(response: IncomingMessage): Promise<string | undefined> {
  const text = await textOf(response);
  const { statusCode = 0 } = response;
  if (statusCode === 200) return text === "" ? undefined : text;
  // Whoever answers 5xx may have done something before.
  const otherwise = statusCode >= 500 ? "outcome.unknown" : "signer.refused";
  throw new Failure(refusals.get(statusCode) ?? otherwise, `HTTP ${statusCode}: ${text}`);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > limits.replyBytesMax) throw new Error("the reply is too long");
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Failure("outcome.unknown", reasonOf(error), error);
  }
  return Buffer.concat(chunks).toString("utf8");
}
