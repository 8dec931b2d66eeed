import { connect } from "node:net";
import { type Call, parseArguments, usage } from "./arguments.ts";
import { type Ends, errorSink, filterOf, openEnds } from "./client-ends.ts";
import { Inflow, Outflow } from "./flow.ts";
import { type Asked, Channel } from "./frames.ts";

/**
 * `qrexec-client-vm` of a qube. The launcher names the qube's agent, which knows the qube; the caller
 * can't. It is bundled to one file that starts in little more than Node's own time.
 */
function main([agent = "", ...words]: readonly string[]): void {
  const parsed = parseArguments(words);
  switch (parsed.is) {
    case "help":
      process.stdout.write(usage);
      return;
    case "wrong":
      process.stderr.write(parsed.why === "" ? usage : `qrexec-client-vm: ${parsed.why}\n${usage}`);
      process.exitCode = 2;
      return;
    case "call":
      run(parsed, parsed.agentSocket ?? agent);
  }
}

/** One call, to the end of this process. */
function run(call: Call, agent: string): void {
  const errors = new Inflow(errorSink());
  const filterError = filterOf(call.filterStderr, 2);
  const say = (text: string) => errors.write(Buffer.from(text));
  let joined: Joined | undefined;
  let code: number | undefined;

  const socket = connect({ path: agent, allowHalfOpen: true });
  const leave = async () => {
    joined?.output.end();
    const local = await joined?.ends.exit;
    await Promise.all([joined?.output.flushed(), errors.flushed()]);
    process.exit(local ?? code);
  };
  socket.once("error", (error: NodeJS.ErrnoException) => {
    code = 1;
    say(logLine(`connect: ${wordsOf(error)}`));
    leave();
  });
  const channel = new Channel(socket, (kind, bytes) => {
    switch (kind) {
      case "accepted":
        joined = join(call, channel);
        return;
      case "output":
        if (bytes.length === 0) joined?.output.end();
        else joined?.output.write(joined.filter(bytes));
        return;
      case "error":
        return errors.write(filterError(bytes));
      case "log":
        return say(logLine(bytes.toString()));
      case "credit":
        return joined?.input.credit(bytes.readUInt32BE());
      case "exit":
        code = bytes.readUInt32BE();
    }
  });
  socket.once("connect", () => channel.sendText("call", JSON.stringify(askedOf(call))));
  socket.once("end", () => {
    if (code === undefined && joined === undefined) say("Request refused\n");
    if (code === undefined && joined !== undefined) say(logLine("vchan connection closed early"));
    code ??= joined === undefined ? 126 : 255;
    leave();
  });
}

interface Joined {
  readonly ends: Ends;
  readonly input: Outflow;
  readonly output: Inflow;
  readonly filter: (bytes: Buffer) => Buffer;
}

/** Only now is our stdin touched. */
function join(call: Call, channel: Channel): Joined {
  const ends = openEnds(call);
  if (call.prefix !== undefined) ends.source.unshift(Buffer.from(call.prefix));
  const input = new Outflow(ends.source, (chunk) => channel.send("input", chunk));
  const output = new Inflow(ends.sink, (taken) => channel.sendNumber("credit", taken));
  const isLocal = call.program.length > 0;
  return { ends, input, output, filter: filterOf(isLocal ? false : call.filterStdout, 1) };
}

function askedOf({ target, service, sourceQube }: Call): Asked {
  return { target, service, ...(sourceQube === undefined ? {} : { sourceQube }) };
}

function logLine(text: string): string {
  const time = new Date().toISOString().replace("T", " ").slice(0, 23);
  return `${time} qrexec-client-vm[${process.pid}]: ${text}\n`;
}

/** The words of `perror`. */
function wordsOf({ code, message }: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ENOENT: "No such file or directory",
    ECONNREFUSED: "Connection refused",
    EACCES: "Permission denied",
  };
  return words[code ?? ""] ?? message;
}

main(process.argv.slice(2));
