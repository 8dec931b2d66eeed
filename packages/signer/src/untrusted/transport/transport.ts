import type { JsonValue } from "@cleft/protocol/json.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Dialect } from "../rpc/dialect.ts";

/** What a transport hands on, and what it gets back: the reply's text, or undefined for none. */
export type Serve = (request: {
  /** Its bytes, or its JSON where that came inside something that was parsed already. */
  readonly untrustedBody: UntrustedBody;
  readonly caller: Caller;
  /** Id of the frame in which it came; the same one never signs twice. */
  readonly frame?: string;
  readonly dialect: Dialect;
  /** Aborted with a Failure once the caller has gone. */
  readonly signal: AbortSignal;
  /** Called before anything else is, if the body is no JSON. */
  readonly malformed?: () => void;
}) => Promise<string | undefined>;

/** What a caller sent. */
export type UntrustedBody = Uint8Array | { readonly json: JsonValue };

/** Port: a way in for callers. It bounds what it reads and names who speaks. */
export interface Transport {
  /** Opens it and returns its endpoint. @throws Failure `transport.refused` */
  open(serve: Serve): Promise<string>;
  /** Takes no more requests, waits for open ones at most `drainMs`, then cuts. */
  close(): Promise<void>;
}
