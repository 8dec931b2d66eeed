import { cli } from "./cli/cli.ts";
import { Printer } from "./cli/print.ts";

const stop = new AbortController();
process.on("SIGINT", () => stop.abort());
process.on("SIGTERM", () => stop.abort());
// Without a handler Node would open a debugger.
process.on("SIGUSR1", () => undefined);
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
try {
  const print = new Printer({ out: process.stdout, err: process.stderr });
  const [, program = "cleft-dispatcher", ...args] = process.argv;
  process.exitCode = await cli(args, { print, program, stop: stop.signal });
} catch (bug) {
  const trace = bug instanceof Error ? bug.stack : String(bug);
  process.stderr.write(`a bug ended cleft-dispatcher, please report it: ${trace}\n`);
  process.exitCode = 2;
}
process.exit();
