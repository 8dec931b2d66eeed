import type { Caller } from "../../domain/caller.ts";
import type { Dialect } from "../rpc/dialect.ts";

/** What a transport hands on, and what it gets back: the reply's text, or undefined for none. */
export type Serve = (request: {
  readonly untrustedBody: Uint8Array;
  readonly caller: Caller;
  readonly dialect: Dialect;
  /** Aborted with a Failure once the caller has gone. */
  readonly signal: AbortSignal;
  /** Called before anything else is, if the body is no JSON. */
  readonly malformed?: () => void;
}) => Promise<string | undefined>;

/** Port: a way in for callers. It bounds what it reads and names who speaks. */
export interface Transport {
  /** Opens it and returns its endpoint. @throws Failure `transport.refused` */
  open(serve: Serve): Promise<string>;
  /** Takes no more requests, waits for open ones at most `drainMs`, then cuts. */
  close(): Promise<void>;
}
