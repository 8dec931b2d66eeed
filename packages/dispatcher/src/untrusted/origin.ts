import type { IncomingMessage } from "node:http";
import { limits } from "../domain/limits.ts";

/** Headers of the Fetch standard's CORS protocol. */
export type CorsHeaders = Readonly<Record<string, string>>;

/** Whether a web page may ask, and what its browser has to be told with every answer. */
export type OriginVerdict =
  | { readonly kind: "program"; readonly cors: CorsHeaders }
  | { readonly kind: "page"; readonly cors: CorsHeaders }
  | { readonly kind: "refused"; readonly cors: CorsHeaders };

/** Judges a request's Origin by the list; a request without one is no page's. */
export function originOf(
  { headers }: Pick<IncomingMessage, "headers">,
  origins: readonly string[],
): OriginVerdict {
  const vary = origins.length === 0 ? {} : { Vary: "Origin" };
  const { origin } = headers;
  if (origin === undefined) return { kind: "program", cors: vary };
  if (!origins.includes(origin)) return { kind: "refused", cors: vary };
  return { kind: "page", cors: { ...vary, "Access-Control-Allow-Origin": origin } };
}

/** Whether a listed page's browser asks first what the page may do. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

/** What is answered to a preflight: posting JSON is all that a page may do. */
export function preflightHeaders({ headers }: IncomingMessage, cors: CorsHeaders): CorsHeaders {
  const isPrivate = headers["access-control-request-private-network"] === "true";
  return {
    ...cors,
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": String(limits.preflightSeconds),
    // A page of the internet asks for a loopback address (Private Network Access).
    ...(isPrivate ? { "Access-Control-Allow-Private-Network": "true" } : {}),
  };
}
