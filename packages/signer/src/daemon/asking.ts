import type { Queue } from "../approval/queue.ts";
import type { Caller } from "../domain/caller.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { JudgeSettings } from "../policy/judge.ts";
import type { Vault } from "../vault/vault.ts";
import type { Listings } from "./listings.ts";

/** Who asks what under which id. */
export interface Asking {
  readonly id: string;
  readonly method: string;
  readonly caller: Caller;
  /** Aborted with a Failure once the caller has gone. */
  readonly gone: AbortSignal;
}

/** What a request's life needs. */
export interface HandleParts {
  readonly judgeSettings: JudgeSettings;
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly listings: Listings;
  readonly clock: Clock;
  readonly log: Log;
  /** Number of the policy in force; an approval under another one is void. */
  readonly generation: () => number;
}
