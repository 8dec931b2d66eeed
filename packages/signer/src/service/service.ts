import { writeSync } from "node:fs";
import { encodeDescriptor, parseDescriptor } from "@cleft/protocol/descriptor.ts";
import { carry } from "./carry.ts";
import { connectTo, isReached } from "./connect.ts";
import { startAndConnect } from "./start.ts";

/** What is waited for here keeps no process alive. */
const clock = {
  after(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * The qrexec service `qubes.Clefsign`, which the script of that name runs for each call:
 * `qrexec-service.mjs SOCKET COMMAND ...`. It says to the signer's socket who calls, as dom0 has put it
 * into the environment, and carries the call; if nobody listens it starts the signer by the command.
 *
 * It ends with 0 when the signer closed, 1 if nobody is named as the caller, or the caller left, and
 * 127 without a signer. The caller reads our stderr, which therefore is closed: the one sentence goes
 * to descriptor 3, and names nothing of this qube.
 */
async function serve(): Promise<0 | 1 | 127> {
  const { QREXEC_SERVICE_FULL_NAME: service, QREXEC_REMOTE_DOMAIN: qube, ...env } = process.env;
  const descriptor = parseDescriptor(`${service} ${qube}`);
  if (descriptor === undefined) return refuse(1, "cleft: the call names no valid caller");
  const [path = "", command = "", ...args] = process.argv.slice(2);
  const found = await connectTo(path);
  const reached = isReached(found) || found === "refused";
  const started = () => startAndConnect(path, { command, args, env }).catch(() => undefined);
  const signer = reached ? found : await started();
  if (signer === undefined || signer === "refused") {
    return refuse(127, "cleft: the signer is not running and could not be started");
  }
  signer.write(encodeDescriptor(descriptor));
  return carry({ input: process.stdin, output: process.stdout, signer }, clock);
}

function refuse<Code extends number>(code: Code, sentence: string): Code {
  try {
    writeSync(3, `${sentence}\n`);
  } catch {
    // Whoever runs it without the script has no descriptor 3; the code says the same.
  }
  return code;
}

// Whatever fails here was said nowhere, and the caller must get no trace of it.
process.exit(await serve().catch(() => 1));
