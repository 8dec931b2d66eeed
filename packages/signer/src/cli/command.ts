import type { DaemonPowers, KeyPowers } from "../daemon/powers.ts";
import type { Input } from "../window/input.ts";
import type { Keys } from "../window/keys.ts";
import type { Arguments } from "./arguments.ts";
import type { Printer } from "./print.ts";
import type { FlagName } from "./settings.ts";

/** What a command that installs or examines has to know of the machine. */
export interface Machine {
  readonly home: string;
  /** Its name in the network, which on Qubes is the qube's. */
  readonly name: string;
  readonly isRoot: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly program: ProgramFiles;
}

/** Absolute paths of what runs here, for files that name it. */
export interface ProgramFiles {
  readonly node: string;
  readonly cleft: string;
  readonly service: string;
  /** The folder of what is installed on Qubes. */
  readonly templates: string;
  /** Where the dispatcher may lie, the likeliest place first. */
  readonly dispatchers: readonly [string, ...string[]];
}

/** What a command gets from the process. */
export interface CommandPowers extends KeyPowers, Pick<DaemonPowers, "spawnKzg" | "methodsFile"> {
  readonly print: Printer;
  readonly machine: Machine;
  /** Opens the keyboard or the pipe; the terminal stays raw until it is closed. */
  readonly openInput: () => { readonly input: Input; readonly keys?: Keys; close(): void };
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream;
  /** Calls back at every SIGUSR2. */
  readonly onLock: (callback: () => void) => void;
  /** The terminal to ask at: one whose whole screen can be used, one of lines, or none. */
  readonly terminalKind: "screen" | "lines" | "none";
  /** Aborted, with a Failure as reason, by a signal, Ctrl-C or a lost terminal. */
  readonly stop: AbortSignal;
}

/** A line of help: what is typed, and what it does. */
export type UsageRow = readonly [typed: string, does: string];

/** One command: a file of its own, and a line in `commands.ts`. */
export interface Command {
  /** Its word or two; empty for what runs when none is named. */
  readonly name: string;
  readonly usage: readonly [UsageRow, ...UsageRow[]];
  /** The global flags that say something to it, besides those that find the files. */
  readonly flags?: readonly FlagName[];
  /** Returns when it is done. @throws Failure */
  run(args: Arguments, powers: CommandPowers): Promise<void>;
}
