import type { Log } from "../domain/log.ts";
import type { KzgPowers } from "../kzg/kzg.ts";
import type { WorkerPowers } from "../vault/vault-worker.ts";
import type { Input } from "../window/input.ts";
import type { Keys } from "../window/keys.ts";
import type { WholeScreen } from "../window/screen.ts";
import type { Cleanups } from "./cleanups.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Ambient power of everything that touches keys. */
export interface KeyPowers extends WorkerPowers {
  readonly log: Log;
}

/** Ambient power of the daemon. */
export interface DaemonPowers extends KeyPowers, KzgPowers {
  /** Where a person sits, unless there is none. */
  readonly terminal?: {
    readonly input: Input;
    /** Missing if the input is no keyboard. */
    readonly keys?: Keys;
    readonly screen: WholeScreen;
  };
  /** The file of methods, which comes with the program. */
  readonly methodsFile: string;
  readonly stdio: {
    readonly input: AsyncIterable<Uint8Array>;
    readonly write: (line: string) => void;
  };
  /** Calls back whenever somebody wants the signer locked. */
  readonly onLock: (callback: () => void) => void;
  /** Aborted, with a Failure as reason, when somebody wants it to end. */
  readonly stop: AbortSignal;
}

/** One run of the daemon, as those see it who open its parts. */
export interface Run extends DaemonPowers {
  readonly lifecycle: Lifecycle;
  /** Whoever opens something adds here how it ends. */
  readonly cleanups: Cleanups;
  /** Ends the run, which throws the bug. */
  readonly onBug: (bug: unknown) => void;
}
