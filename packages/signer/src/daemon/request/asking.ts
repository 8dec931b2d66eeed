import type { Queue } from "../../approval/queue.ts";
import type { Caller } from "../../domain/caller.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { Kzg } from "../../kzg/kzg.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { JudgeSettings } from "../../policy/judge.ts";
import type { Vault } from "../../vault/vault.ts";
import type { Callers } from "./callers.ts";
import type { LabelBook } from "./label-book.ts";
import type { Listings } from "./listings.ts";
import type { MethodBook } from "./method-book.ts";

/** Who asks what under which id. */
export interface Asking {
  readonly id: string;
  readonly method: string;
  readonly caller: Caller;
  /** Aborted with a Failure once the caller has gone. */
  readonly gone: AbortSignal;
  /** Id of the frame in which it came, if it came in one. */
  readonly frame?: string | undefined;
}

/** What a request's life needs. */
export interface HandleParts {
  readonly judgeSettings: JudgeSettings;
  readonly callers: Callers;
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly listings: Listings;
  readonly kzg: Kzg;
  /** Blobs of a request whose proofs may be computed. */
  readonly blobComputeMax: number;
  readonly methods: MethodBook;
  readonly labels: LabelBook;
  readonly clock: Clock;
  readonly log: Log;
  /** Number of the policy in force; an approval under another one is void. */
  readonly generation: () => number;
}
