import { homedir, hostname } from "node:os";
import type { WriteStream } from "node:tty";
import { Failure } from "../domain/failure.ts";
import { Keyboard } from "../window/keyboard.ts";
import { Pipe } from "../window/pipe.ts";
import type { CommandPowers, ProgramFiles } from "./command.ts";
import { Printer } from "./print.ts";

/** Makes a command's powers of a real process: its streams, its clock and its signals. */
export function powersOf(
  process: NodeJS.Process,
  given: Pick<CommandPowers, "spawnVault" | "spawnKzg" | "methodsFile"> & {
    readonly program: ProgramFiles;
  },
): CommandPowers {
  const { stdin, stdout, stderr } = process;
  const terminal = stdout.isTTY || !stderr.isTTY ? stdout : stderr;
  const clock = {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    after: (delayMs: number, callback: () => void) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
  // A serial line has no size: it says 0.
  const medium = {
    get columns() {
      return (terminal.isTTY && terminal.columns) || 80;
    },
    get rows() {
      return (terminal.isTTY && terminal.rows) || 24;
    },
    ascii: !isUtf8(process.env),
  };
  const print = new Printer(
    { out: stdout, err: stderr, terminal },
    {
      now: () => new Date(),
      medium,
      colorBits: colorBitsOf(process.env, terminal),
      logIsSeen: stderr.isTTY,
      onResize: (listener) => void terminal.on("resize", listener),
    },
  );
  // Whatever ends the process, the terminal is given back.
  process.on("exit", () => print.leave());
  const stop = new AbortController();
  const end = (reason: string) => stop.abort(new Failure("aborted", reason));
  let lock = () => print.warn("There is nothing to lock");
  handleSignals(process, { print, end, lock: () => lock() });

  return {
    print,
    log: print,
    clock,
    stdin,
    stdout,
    onLock: (callback) => {
      lock = callback;
    },
    terminalKind: stdin.isTTY && terminal.isTTY ? kindOf(process.env) : "none",
    stop: stop.signal,
    spawnVault: given.spawnVault,
    spawnKzg: given.spawnKzg,
    methodsFile: given.methodsFile,
    machine: {
      home: homedir(),
      name: hostname(),
      isRoot: process.geteuid?.() === 0,
      env: process.env,
      program: given.program,
    },
    openInput() {
      if (!stdin.isTTY) return { input: new Pipe(stdin), close: () => stdin.destroy() };
      const keyboard = new Keyboard({
        input: stdin,
        clock,
        echo: (text) => print.write(text),
        onInterrupt: () => end("interrupted"),
        onLost: () => end("the terminal went away"),
        onContinue: (callback) => {
          process.on("SIGCONT", callback);
          return () => void process.off("SIGCONT", callback);
        },
      });
      return { input: keyboard, keys: keyboard, close: () => keyboard.close() };
    },
  };
}

function handleSignals(
  process: NodeJS.Process,
  { print, end, lock }: { print: Printer; end: (reason: string) => void; lock: () => void },
): void {
  process.on("SIGINT", () => end("interrupted"));
  process.on("SIGTERM", () => end("terminated"));
  process.on("SIGHUP", () => {
    if (process.stdin.isTTY) end("the terminal went away");
    else print.warn("There is nothing to reload yet");
  });
  // Without a handler Node would open a debugger, which can read every secret.
  process.on("SIGUSR1", () => print.warn("SIGUSR1 is ignored"));
  process.on("SIGUSR2", lock);
  // Node would write its warnings into the middle of a question.
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => print.warn(message, { warning: name }));
  // A broken pipe is noticed where it matters: at the window's input.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

/** Whether a program can write anywhere on the screen. Every terminal with a name can. */
function kindOf(env: NodeJS.ProcessEnv): "screen" | "lines" {
  const name = env["TERM"] || "dumb";
  return name === "dumb" || name === "unknown" ? "lines" : "screen";
}

/** Bits per colour; NO_COLOR (https://no-color.org) means none. */
function colorBitsOf(env: NodeJS.ProcessEnv, terminal: WriteStream): number {
  return env["NO_COLOR"] || !terminal.isTTY ? 1 : terminal.getColorDepth(env);
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "");
}
