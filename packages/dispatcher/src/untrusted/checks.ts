import type { IncomingMessage } from "node:http";
import { namesManyHosts } from "@cleft/protocol/http/bad-request.ts";
import { type Refusal, refusalOfLength, wrongType } from "@cleft/protocol/http/reply.ts";
import { bodyKindOf } from "./content-type.ts";
import { isAllowedHost } from "./host.ts";
import { type CorsHeaders, isPreflight, originOf } from "./origin.ts";

/** Who is let in. */
export interface Rules {
  /** Names that a Host header may have besides this machine's own, in lower case. */
  readonly vhosts: readonly string[];
  /** Web pages that may ask, as browsers write them: `https://dapp.example`. */
  readonly origins: readonly string[];
}

/** What a request is worth before its body is looked at. */
export type Verdict =
  | { readonly kind: "serve"; readonly body: "json" | "form"; readonly cors: CorsHeaders }
  | { readonly kind: "preflight"; readonly cors: CorsHeaders }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly cors: CorsHeaders };

/** Checks a head: host and page first, so that a stranger learns nothing else. */
export function check(request: IncomingMessage, { vhosts, origins }: Rules): Verdict {
  if (namesManyHosts(request) || !isAllowedHost(request.headers.host, vhosts)) {
    return refused({ status: 403, text: "invalid host specified" });
  }
  const origin = originOf(request, origins);
  const { cors } = origin;
  if (origin.kind === "refused") {
    const text = "requests of this web page are refused, see --origins";
    return refused({ status: 403, text }, cors);
  }
  if (origin.kind === "page" && isPreflight(request)) return { kind: "preflight", cors };
  if (request.method !== "POST") return refused({ status: 405, text: "method not allowed" }, cors);
  const long = refusalOfLength(request);
  if (long !== undefined) return refused(long, cors);
  const body = bodyKindOf(request);
  return body === "refused" ? refused(wrongType, cors) : { kind: "serve", body, cors };
}

function refused(refusal: Refusal, cors: CorsHeaders = {}): Verdict {
  return { kind: "refused", refusal, cors };
}
