import type { IncomingMessage } from "node:http";
import { limits } from "../domain/limits.ts";
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

/** Status and Clef's text. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** Another body than JSON, also one that turned out to be no request of curl's. */
export const wrongType: Refusal = {
  status: 415,
  text: "invalid content type, only application/json is supported",
};

/** Checks a head: host and page first, so that a stranger learns nothing else. */
export function check(request: IncomingMessage, { vhosts, origins }: Rules): Verdict {
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name));
  if (hosts.length > 1 || !isAllowedHost(request.headers.host, vhosts)) {
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
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > limits.bodyBytesMax) {
    const text = `content length too large (${length}>${limits.bodyBytesMax})`;
    return refused({ status: 413, text }, cors);
  }
  const body = bodyKindOf(request);
  return body === "refused" ? refused(wrongType, cors) : { kind: "serve", body, cors };
}

function refused(refusal: Refusal, cors: CorsHeaders = {}): Verdict {
  return { kind: "refused", refusal, cors };
}
