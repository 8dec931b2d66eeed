import type { Failure } from "../../domain/failure.ts";

/** One body on its way. */
export interface Call {
  readonly id: string;
  /** The `req` frame, encoded once: a retry sends the very same bytes. */
  readonly frame: string;
  readonly bytes: number;
  /** How often it was sent. */
  sent: number;
  /** Whether the signer took it up; then it must not be sent again. */
  acked: boolean;
  /** The reply's text, undefined for none, or why there is none. */
  settle(outcome: string | undefined | Failure): void;
}
