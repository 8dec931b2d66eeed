import type { JsonValue } from "../json.ts";
import type { ClaimsWire } from "./claims.ts";

/**
 * The stream between a dispatcher and the signer: one JSON object a line, both ways. The client
 * says hello, then requests; the signer acknowledges each before it looks at it, and answers when
 * it can. Who the client is, the channel says; nothing in here does.
 */

/** Why a request wasn't served. With every one but `unknown` nothing was signed. */
export const clefqErrors = ["busy", "too_large", "bad_frame", "shutdown", "unknown"] as const;
export type ClefqError = (typeof clefqErrors)[number];

export type ClientFrame =
  | { readonly type: "hello"; readonly version: number; readonly client: string }
  | {
      readonly type: "req";
      readonly id: string;
      /** A request or a batch, as the caller wrote it. */
      readonly rpc: JsonValue;
      readonly claims: ClaimsWire;
    }
  | { readonly type: "cancel"; readonly id: string }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

export type SignerFrame =
  | {
      readonly type: "hello";
      readonly version: number;
      readonly qube: string;
      readonly profile: string;
      readonly max: number;
      readonly inflight: number;
    }
  /** It was taken up: from now on a retry under another id may sign twice. */
  | { readonly type: "ack"; readonly id: string }
  /** `rpc` is the reply's text, undefined if there is none: notifications only. */
  | { readonly type: "res"; readonly id: string; readonly rpc: string | undefined }
  | { readonly type: "err"; readonly id: string; readonly code: ClefqError }
  /** It takes no more requests here: they are answered `shutdown`. The client closes when it can. */
  | { readonly type: "bye" }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

/** A frame that is none. `id` is the request's, if it could still be read. */
export class FrameError extends Error {
  readonly id: string | undefined;
  constructor(message: string, id?: string) {
    super(message);
    this.id = id;
  }
}
