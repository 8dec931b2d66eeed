import type { ClaimsWire } from "@cleft/protocol/clefq/claims.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";

/** One body of a caller: a request or a batch, and what the caller says of itself. */
export interface Asked {
  readonly rpc: JsonValue;
  readonly claims: ClaimsWire;
}

/** Port: the way to the signer. */
export interface Upstream {
  /** What it is called in the log, e.g. `qrexec @default`. */
  readonly name: string;
  /**
   * Carries one body to the signer and returns the reply's text, or undefined where there is none:
   * notifications only. An aborted signal withdraws it. It is never asked twice what may have been
   * signed.
   * @throws Failure
   */
  call(asked: Asked, signal: AbortSignal): Promise<string | undefined>;
  /** Gives up what is open. */
  close(): Promise<void>;
}
