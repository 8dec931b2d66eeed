import type { Caller, CallerClaims, QubeIdentity } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Chunks } from "./chunks.ts";
import type { FrameMemory } from "./frame-memory.ts";
import type { Serve } from "./transport.ts";

/** What a call needs once it is known who calls, and whom it tells. */
export interface CallParts {
  readonly identity: QubeIdentity;
  /** The caller who says this of itself. */
  readonly callerWith: (claims: CallerClaims) => Caller;
  readonly chunks: Chunks;
  readonly serve: Serve;
  readonly frames: FrameMemory;
  readonly clock: Clock;
  /** All has been read that has to come in time. */
  readonly arrived: () => void;
  readonly began: () => void;
  readonly ended: () => void;
  /** It holds more than before. */
  readonly grew: () => void;
}
