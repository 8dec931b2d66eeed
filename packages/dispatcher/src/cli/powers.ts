import type { Printer } from "./print.ts";

/** What a command gets from the process. */
export interface Powers {
  readonly print: Printer;
  /** This program as it was called, by its full path: what is to be done names it so. */
  readonly program: string;
  /** Aborted when the process is told to end. */
  readonly stop: AbortSignal;
}
