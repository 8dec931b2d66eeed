import type { Printer } from "./print.ts";

/** What a command gets from the process. */
export interface Powers {
  readonly print: Printer;
  /** Aborted when the process is told to end. */
  readonly stop: AbortSignal;
}
